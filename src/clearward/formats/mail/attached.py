"""Undo uuencode, its base64 kin and yEnc: files set into a text, without MIME.

    begin 644 name              begin-base64 644 name      =ybegin line=128 name=...
    M and 60 letters            base64                     bytes + 42, "=" escapes
    `                           ====                       =yend size=...
    end

A line of uuencode starts with the number of bytes in it; each letter is six bits plus
32. Anything that is decoded by one of the usual programs is decoded here: a missing
end, trailing spaces that were cut off, a check letter behind the line, letters out of
range.

Source: uuencode(5) of POSIX.1; yEnc draft 1.3.
"""

import binascii
import re
from collections.abc import Iterable, Iterator

from clearward.core.part import Part
from clearward.core.reader import Reader, Stream
from clearward.formats.mail.encodings import Base64
from clearward.formats.mail.marks import Mark

BEGIN = (
    rb"(?P<begin>begin(?P<base64>-base64)? [ \t]*[0-7]{3,6}[ \t]+"
    rb"(?P<name>[^\r\n]{1,512}))"
)
YENC = rb"(?P<yenc>=ybegin [^\r\n]{1,512})"
YENC_NAME = re.compile(rb"name=([^\r\n]*)")

LINE_BREAKS = re.compile(rb"[\r\n]+")
END_OF_BASE64 = b"===="
LONGEST = 1024  # bytes of a line that are looked at; no real one has 200
SIX_BITS = bytes(32 + (letter - 32 & 63) for letter in range(256))

MINUS_42 = bytes((letter - 42) % 256 for letter in range(256))
ESCAPED = {bytes([n]): bytes([(n - 42 - 64) % 256]) for n in range(256)} | {b"": b""}
YENC_CONTROL = re.compile(rb"[\r\n]=y(?:begin|part)[^\r\n]*")
YENC_END = re.compile(rb"[\r\n]=yend")
HOLD = 1024  # bytes of a control line that are kept for the next chunk, at most


def lines(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines of a text, chunk by chunk; blank ones are left out."""
    rest = b""
    for chunk in chunks:
        *whole, rest = LINE_BREAKS.split(rest + chunk)
        rest = rest[:LONGEST]
        yield whole
    yield [rest]


class Uuencoded:
    """The decoded bytes of the lines behind ``begin``; iterate over it once.

    Args:
        chunks: the lines, in pieces of any length.
        only_first: stop at a line of no bytes, which stands in front of ``end``.

    Attributes:
        resumed: after the iteration: data stood behind a line of no bytes, so that
            readers of different minds get different bytes.
    """

    def __init__(self, chunks: Iterable[bytes], *, only_first: bool = False) -> None:
        self._chunks = chunks
        self._only_first = only_first
        self._empty = False
        self._ended = False
        self.resumed = False

    def __iter__(self) -> Iterator[bytes]:
        for some in lines(self._chunks):
            yield b"".join(self._decoded(some))
            if self._ended:
                return

    def _decoded(self, some: list[bytes]) -> Iterator[bytes]:
        for line in some:
            if line.rstrip() == b"end" or (self._empty and self._only_first):
                self._ended = True
                return
            if line and not line.startswith(b"begin "):
                data = _line(line)
                self.resumed |= self._empty and bool(data)
                self._empty |= not data
                yield data


def _line(line: bytes) -> bytes:
    """Decode one line; letters that are missing count as zero bits."""
    letters = line.translate(SIX_BITS)
    size = letters[0] - 32
    return binascii.a2b_uu(letters[: 1 + (size * 4 + 2) // 3])


def in_base64(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the decoded bytes of the lines behind ``begin-base64``, up to ``====``."""
    return iter(Base64(_until_equals(chunks)))


def _until_equals(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        text = held + chunk
        end = text.find(END_OF_BASE64)
        if end >= 0:
            yield text[:end]
            return
        cut = max(len(text) - len(END_OF_BASE64), 0)
        yield text[:cut]
        held = text[cut:]
    yield held


def yencoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the decoded bytes of the lines behind ``=ybegin``, up to ``=yend``.

    Lines of control words are left out, so the pieces of a file that was posted in
    several follow each other.
    """
    held = b"\n"
    for chunk in chunks:
        text = held + chunk
        end = YENC_END.search(text)
        if end is not None:
            yield _shifted(text[: end.start()])
            return
        cut = _before_control(text)
        yield _shifted(text[:cut])
        held = text[cut:]
    yield _shifted(held)


def _before_control(text: bytes) -> int:
    """Where the last line begins if it may turn out to be a control line, or the end.

    An escape sign at the end is left to the next chunk as well.
    """
    line = max(text.rfind(b"\n"), text.rfind(b"\r"))
    if line >= len(text) - HOLD and text[line + 1 : line + 3] in {b"", b"=", b"=y"}:
        return line
    return len(text) - text.endswith(b"=")


def _shifted(text: bytes) -> bytes:
    data = YENC_CONTROL.sub(b"", text).translate(None, b"\r\n")
    if b"=" not in data:
        return data.translate(MINUS_42)
    first, *others = data.split(b"=")
    output = [first.translate(MINUS_42)]
    output += [ESCAPED[piece[:1]] + piece[1:].translate(MINUS_42) for piece in others]
    return b"".join(output)


def parts(part: Reader, mark: Mark, end: int) -> Iterator[Part]:
    """Yield the file whose first line is `mark`, a match of `BEGIN` or of `YENC`.

    Args:
        part: the text that the file is set into.
        mark: the first line.
        end: offset of the first byte of something else.
    """
    start = min(mark.next_line, end)
    text = part.slice(start, end - start)
    name = _name(mark)
    if mark.match["begin"] is None:
        yield Part(Stream(yencoded(text.chunks())), name, text.size)
    elif mark.match["base64"] is not None:
        yield Part(Stream(in_base64(text.chunks())), name, text.size)
    else:
        yield from uuencoded(text, name)


def uuencoded(text: Reader, name: bytes) -> Iterator[Part]:
    """Yield what lines of uuencode hold, in each way it may be read."""
    data = Uuencoded(text.chunks())
    yield Part(Stream(iter(data)), name, text.size)
    if data.resumed:
        again = Uuencoded(text.chunks(), only_first=True)
        yield Part(Stream(iter(again)), name, text.size)


def _name(mark: Mark) -> bytes:
    if mark.match["begin"] is not None:
        return mark.match["name"].strip()
    named = YENC_NAME.search(mark.match["yenc"])
    return named[1].strip() if named is not None else b""
