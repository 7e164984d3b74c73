"""Unpack what pages hide: the content of data URLs, and encoded scripts.

    data:[type][;parameter...][;base64],content         RFC 2397
    #@~^  length  ==  script  checksum  ==  ^#~@        see normalise.encoder

Both are looked for in all of a page, wherever they stand: in the values of attributes,
in styles, in scripts and in text. A URL in quotes ends at the same quote, any other at
white space or a bracket; base64 ends at what can be none of it. In the value of an
attribute and behind "url(" anything may be said before the comma, elsewhere only a
type: "data:" is a word of prose and of scripts, too. Broken URLs are decoded as far as
they go, and what is empty is no part: neither says that something was not looked at.

A page is what starts with an angle bracket, or has what makes text HTML for
`formats.filetype`; or it is a script of the encoder from its start on. One of UTF-16 is
read without its zero bytes, which leaves ASCII, and all of this is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.narrow import narrow
from clearward.formats.normalise import dataurl, encoder
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.marks import OVERLAP, Seen

NAME = "html"
MOST = 64 << 20  # bytes of one URL or script that are held

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*+<")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_FRONT = 1024  # bytes in which binary data has a zero byte

_BEFORE = re.compile(
    rb"((?:=|url\()\s{0,8})?+(&quot;|[\"'`(])?\s{0,8}\Z", re.IGNORECASE
)
_MOST_BEFORE = 32
_HEAD = re.compile(  # of a URL: up to the comma
    rb".{5}(?:[\w.+-]{1,100}+/[\w.+*-]{1,100}+)?+\s{0,8}+(?:;[^,;<>\"'`]{0,100}+){0,8}+,"
)
_ANY_HEAD = re.compile(rb".{5}[^,<>\"']{0,300}+,")
_LONGEST_HEAD = 1200
_BASE64 = re.compile(rb";\s*base64\s*,\Z", re.IGNORECASE)
_ENDS = {
    b'"': re.compile(rb'"'),
    b"'": re.compile(rb"'"),
    b"`": re.compile(rb"`"),
    b"(": re.compile(rb"[)<>\"'\s]"),
    b"&quot;": re.compile(rb"&quot;|[<>\"]", re.IGNORECASE),
    b"": re.compile(rb"[<>\"'`\s]"),
}
_BASE64_ENDS = re.compile(rb"[<>\"'`(){}|]")
_SCRIPT = re.compile(rb"#@~\^[A-Za-z0-9+/]{6}==")
_LONGEST_SCRIPT_HEAD = 12
_SCRIPT_ENDS = re.compile(rb"==\^#~@")
_CHECKSUM = 6
_FEW = 16  # bytes that are looked at one by one


@dataclass(frozen=True, slots=True)
class _Url:
    """Where a URL begins, and how it ends."""

    head: bytes
    start: int  # of its content
    ends: re.Pattern[bytes]
    may_hold_others: bool


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether a part is a page with such a thing in it, or an encoded script."""
    if head.startswith(encoder.MARK):
        return _SCRIPT.match(head) is not None
    markup = _MARKUP.match(head) is not None
    if not markup and head.find(b"\0", 0, _FRONT) >= 0 and not head.startswith(_WIDE):
        return False
    return _hides(reader) and (markup or _is_page(reader))


def _hides(reader: Reader) -> bool:
    return any(
        NORMALISER.address(text, 0) >= 0 or _has_script(text)
        for text in _overlapping(reader)
    )


def _has_script(text: bytes) -> bool:
    """Say whether the mark of an encoded script is there.

    Its last byte is rare, and a single byte is found many times faster than the mark.
    """
    place = -1
    for _ in range(_FEW):
        place = text.find(encoder.MARK[-1:], place + 1)
        if place < 0:
            return False
        if text.startswith(encoder.MARK, max(place - len(encoder.MARK) + 1, 0)):
            return True
    return text.find(encoder.MARK) >= 0


def _is_page(reader: Reader) -> bool:
    seen = int(Seen.NOTHING)
    for text in _overlapping(reader):
        seen = NORMALISER.page_marks(text, seen)
        if seen == Seen.PAGE:
            return True
    return False


def _overlapping(reader: Reader) -> Iterator[bytes]:
    if reader.held is not None and reader.held.find(b"\0") < 0:
        yield reader.held  # no need to copy it
        return
    before = b""
    for chunk in _ascii(reader):
        yield before + chunk
        before = chunk[-OVERLAP:]


def _ascii(reader: Reader) -> Iterator[bytes]:
    """Yield the page in chunks, without zero bytes."""
    for chunk in reader.chunks():
        yield narrow(chunk)


def unpack(page: Reader) -> Iterator[Item]:
    """Yield what stands in each data URL and in each encoded script."""
    yield from _urls(page)
    yield from _scripts(page)


def _urls(page: Reader) -> Iterator[Item]:
    text = _Window(page)
    while (place := text.address()) >= 0:
        url = _url(text.held, place)
        if url is None:
            text.place = place + len(dataurl.SCHEME)
            continue
        end = text.end(url.ends, url.start)
        if end - url.start > MOST:
            yield Gap(Reason.MEMORY_LIMIT)
        content = url.head + text.held[url.start : min(end, url.start + MOST)]
        # In quotes that are not meant as such there may be another.
        text.place = url.start if url.may_hold_others else end
        if data := dataurl.read(content, NORMALISER.decoding).content:
            yield Part(Reader.of(data), packed=end - url.start)


def _url(text: bytearray, place: int) -> _Url | None:
    """Return the URL whose scheme is at a place, or None if it is a mere word."""
    before = _BEFORE.search(text[max(place - _MOST_BEFORE, 0) : place])
    value, mark = before.groups() if before else (None, None)
    if value is not None and value[:1] != b"=":
        mark = mark or b"("
    head = (_HEAD if value is None else _ANY_HEAD).match(text, place)
    if head is None:
        return None
    packed = _BASE64.search(head[0]) is not None
    quoted = bool(mark) and mark != b"("
    ends = _BASE64_ENDS if packed else _ENDS[(mark or b"").lower()]
    return _Url(head[0], head.end(), ends, quoted and not packed)


def _scripts(page: Reader) -> Iterator[Item]:
    text = _Window(page)
    while (start := text.script()) >= 0:
        end = text.end(_SCRIPT_ENDS, start + _LONGEST_SCRIPT_HEAD)
        if end - start > MOST:
            yield Gap(Reason.MEMORY_LIMIT)
        found = NORMALISER.encoded(bytes(text.held[start : min(end + 6, start + MOST)]))
        text.place = end
        if found is not None and found.script:
            yield Part(Reader.of(found.script), packed=end - start)


class _Window:
    """Some of a page, which goes forward with what is looked for.

    Attributes:
        held: of the page.
        place: from where on the next thing is looked for in it.
    """

    def __init__(self, page: Reader) -> None:
        self.held = bytearray()
        self.place = 0
        self._chunks = _ascii(page)

    def address(self) -> int:
        """Return where the next data URL may be, with its head at hand, or -1."""
        while True:
            found = NORMALISER.address(self.held, self.place)
            if found >= 0 and len(self.held) - found > _LONGEST_HEAD:
                return found
            kept = found if found >= 0 else len(self.held)
            if not self._forward(kept - _MOST_BEFORE):
                return NORMALISER.address(self.held, self.place)

    def script(self) -> int:
        """Return where the next encoded script is, or -1."""
        while True:
            if found := _SCRIPT.search(self.held, self.place):
                return found.start()
            if not self._forward(len(self.held) - _LONGEST_SCRIPT_HEAD):
                return -1

    def end(self, what: re.Pattern[bytes], start: int) -> int:
        """Return where something is from `start` on, or where the text ends."""
        place = start
        while (found := what.search(self.held, place)) is None:
            place = max(len(self.held) - _CHECKSUM, start)
            if len(self.held) - start > MOST or not self._more():
                return len(self.held)
        return found.start()

    def _forward(self, kept: int) -> bool:
        """Let go of what is in front of a place, and read on; say whether it did."""
        gone = max(kept, 0)
        del self.held[:gone]
        self.place = max(self.place - gone, 0)
        return self._more()

    def _more(self) -> bool:
        chunk = next(self._chunks, b"")
        self.held += chunk
        return bool(chunk)
