"""The inside of tags as clamscan writes it.

    b = 'c'       b="c"      no white space at the equals sign, quotes are double
    b="c"d        b="c" d    a space behind a value, unless the tag ends
    b="a c d"     a value in quotes is one up to its second white space, or an equals
                  sign behind the first; from there on it is treated as if it had
                  none, and its last quote stays
    b=c=d'e       b=c=d"e    a value without quotes ends at white space
    b="data:..."  b="data"   the data URL is a part of its own

A tag ends at the first angle bracket, in quotes or not. White space has been squeezed
before: one space at most.

Source: what Debian's clamscan 1.4.6 writes with --leave-temps.
"""

import re

# Text, and tags that stay as they are, up to the first tag that does not.
_PLAIN = re.compile(
    rb"""
    (?: [^<]++
      | < [^<>="'\ ]*+
        (?: \  [^<>="'\ ]++
            (?: = (?! "?data: )
                (?: [^<>"'\ ]++
                  | " (?: [^<>"'=]*+ | [^<>"'\ ]*+ ) " (?= [\ >] ) ) )?+ )*+
        >
    )*+
    """,
    re.VERBOSE,
)

_VALUE = re.compile(
    rb"""
    \ ?= (?: \ ?(?P<quote> ["'] )
             (?: (?P<url> data: (?: (?! (?P=quote) ) [^>] )*+ )
               | (?P<words> (?: (?! (?P=quote) ) [^\ >] )*+
                            (?: \  (?: (?! (?P=quote) ) [^\ >=] )*+ )?+ ) )
             (?P<closed> (?P=quote) \ ? )?+
           | \ ?(?P<bare> data: [^\ >]*+ )
           | \ ?(?P<plain> (?: [^\ "'>] [^\ >]*+ )?+ ) )
  | \ (?= > )
    """,
    re.VERBOSE,
)


def write(text: bytes) -> bytes:
    """Return squeezed text, which begins outside a tag, with its tags rewritten."""
    place = _end_of_plain(text, 0)
    if place == len(text):
        return text
    written = bytearray(text[:place])
    while place < len(text):
        end = text.find(b">", place) + 1 or len(text)
        _write_tag(text[place:end], written)
        place = _end_of_plain(text, end)
        written += text[end:place]
    return bytes(written)


def _write_tag(tag: bytes, written: bytearray) -> None:
    end = 0
    for match in _VALUE.finditer(tag):
        written += tag[end : match.start()]
        end = match.end()
        written += _value(match, tag[end : end + 1])
    written += tag[end:]


def _value(match: re.Match[bytes], following: bytes) -> bytes:
    if match["quote"] is not None:
        return _quoted(match, following)
    if match["bare"] is not None:
        return b"=data"
    if match["plain"] is None:
        return b""
    return b"=" + match["plain"].replace(b"'", b'"')


def _quoted(match: re.Match[bytes], following: bytes) -> bytes:
    closing = b"" if match["closed"] is None else b'"'
    if closing and following not in b">=":
        closing = b'" '
    if match["url"] is not None:
        return b'="data' + (closing or b'"')
    return b'="' + match["words"].replace(b"'", b'"') + closing


def _end_of_plain(text: bytes, start: int) -> int:
    match = _PLAIN.match(text, start)
    return start if match is None else match.end()
