r"""Read the values of Content headers: every parameter that some program sees.

    multipart/mixed; boundary="a b" (comment); name*0*=utf-8''x%20y; name*1=z

Programs differ about comments, quotes, encoded words and where an unquoted value ends.
So a value is not taken apart by one grammar: parameters are searched for in each of
its readings, and each way to end a parameter counts.

Source: RFC 2045, section 5.1; RFC 2047; RFC 2231.
"""

import binascii
import re
from collections.abc import Iterator

# A longer value is only searched as it stands.
LONGEST = 1024 * 1024

_FOLD = re.compile(rb"(?>\r{0,2}\n|\r)[ \t]*+")
_COMMENT_SIGNS = re.compile(rb'[()"]|\\.', re.DOTALL)
_WORD = re.compile(rb"=\?[^?\s]{1,80}\?([BbQq])\?([^?]{0,2000})\?=[ \t]*")
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_QUOTE_END = re.compile(rb"[;\"]")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def readings(value: bytes) -> tuple[bytes, ...]:
    """Return a value in each way it may be read, without doubles.

    Args:
        value: what stands behind the colon, folds included.
    """
    found = [value.translate(None, b"\r\n")]
    if is_too_long(value):
        return tuple(found)
    if len(value) != len(found[0]):
        found.append(_FOLD.sub(b"", value))
    if b"(" in value:
        found.append(without_comments(found[0]))
    if b"=?" in value:
        found.append(_WORD.sub(_word, found[0]))
    return tuple(dict.fromkeys(found))


def without_comments(value: bytes) -> bytes:
    """Return a value without its comments, however deep they nest.

    A comment that does not end takes the rest of the value with it.
    """
    kept = []
    depth = start = 0
    quoted = False
    for found in _COMMENT_SIGNS.finditer(value):
        sign = found[0]
        if quoted:
            quoted = sign != b'"'
        elif sign == b"(":
            if depth == 0:
                kept.append(value[start : found.start()])
            depth += 1
        elif depth:
            depth -= sign == b")"
            start = found.end()
        else:
            quoted = sign == b'"'
    if depth == 0:
        kept.append(value[start:])
    return b"".join(kept)


def _word(word: re.Match[bytes]) -> bytes:
    if word[1] in b"Qq":
        return binascii.a2b_qp(word[2], header=True)
    letters = word[2].rstrip(b"=")
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return word[0]


def _pattern(names: bytes) -> re.Pattern[bytes]:
    return re.compile(
        rb"(?<![\w*-])(?:" + names + rb")"
        rb"(?:[*](?P<index>\d{1,6})(?P<coded>[*])?|(?P<whole>[*]))?[ \t]*=[ \t]*"
        rb'(?:"(?P<quoted>(?:[^"\\]++|\\.)*+)|(?P<bare>[^;\s]*+)(?=(?P<more>[^;]{0,200})))',
        re.IGNORECASE | re.DOTALL,
    )


BOUNDARY = _pattern(rb"boundary")
NAME = _pattern(rb"file-?name|name")
CHARSET = _pattern(rb"charset")
SMIME_TYPE = _pattern(rb"smime-type")


def parameters(reading: bytes, pattern: re.Pattern[bytes]) -> Iterator[bytes]:
    """Yield each value that a parameter may have, the likeliest first.

    Args:
        reading: one reading of a header value.
        pattern: which parameter.
    """
    pieces: dict[int, bytes] = {}
    coded = False
    for match in pattern.finditer(reading):
        if match["index"] is not None:
            pieces.setdefault(int(match["index"]), _ends(match)[0])
            coded |= match["coded"] is not None
        elif match["whole"] is not None:
            yield from map(_extended, _ends(match))
        else:
            yield from _ends(match)
    if pieces:
        joined = b"".join(pieces[index] for index in sorted(pieces))
        if coded:
            yield _extended(joined)
        yield joined


def _ends(match: re.Match[bytes]) -> list[bytes]:
    """The text of a parameter, ended in each way that programs end it."""
    quoted = match["quoted"]
    if quoted is None:
        found = [match["bare"], match["bare"] + match["more"]]
        found = [one.strip(b"\"'") for one in found]
    else:
        found = [_ESCAPE.sub(rb"\1", quoted), quoted, _QUOTE_END.split(quoted, 1)[0]]
    return list(dict.fromkeys(one.rstrip(b" \t\0") for one in found))


def _extended(value: bytes) -> bytes:
    """Undo ``charset'language'`` and percent signs."""
    value = value.split(b"'", 2)[-1]
    return _PERCENT.sub(lambda digits: bytes.fromhex(digits[1].decode()), value)


def is_too_long(value: bytes) -> bool:
    """Say whether a value is too long for all of its readings."""
    return len(value) > LONGEST
