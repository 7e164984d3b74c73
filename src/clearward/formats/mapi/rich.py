"""Decode the compressed rich text of Outlook (MS-OXRTFCP).

Layout, numbers little-endian: size of what follows (4), size of the text (4), "LZFu" or
"MELA" (4), CRC-32 (4). "MELA" is followed by the text as it is; "LZFu" by groups of a
byte of eight flags, the lowest first, where a 0 stands for a byte and a 1 for a match:
two bytes, big-endian, the place in a ring of 4096 bytes (12 bits) and the length less 2
(4). A match with the place that is to be written next ends the text. The ring begins
with 207 bytes that rich text often has.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import CHUNK, Reader
from clearward.formats.lz.output import Output, expanded

HEADER = Struct("<II4sI")
PACKED = b"LZFu"
PLAIN = b"MELA"
RING = 4096
BEFORE = (  # MS-OXRTFCP 2.1.2.1
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}"
    rb"{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def expand(reader: Reader, format: str, start: int = 0) -> Iterator[bytes]:
    """Yield the text.

    Args:
        reader: header and text.
        format: name for errors.
        start: what is added to offsets in errors.

    Raises:
        Malformed: neither of the two kinds.
        Truncated: it ends before its end mark.
    """
    head = reader.at(0, HEADER.size)
    if len(head) < HEADER.size:
        raise Truncated(format, start + len(head), "header length")
    _, _, kind, _ = HEADER.unpack(head)
    content = reader.slice(HEADER.size, reader.size - HEADER.size)
    if kind == PLAIN:
        yield from content.chunks()
    elif kind == PACKED:
        output = Output(RING, bytes(RING - len(BEFORE)) + BEFORE)
        yield from expanded(_steps(content, output, format, start), output)
    else:
        raise Malformed(format, start, "kind of rich text")


def _steps(reader: Reader, output: Output, format: str, start: int) -> Iterator[None]:
    offset = 0
    place = len(BEFORE)
    while data := reader.at(offset, CHUNK):
        used = 0
        last = offset + len(data) == reader.size
        while used < len(data) and (last or used + GROUP <= len(data)):
            used, place = _group(data, used, output, place)
            if place < 0:
                return
            if len(output.data) >= output.most:
                yield
        offset += used
    raise Truncated(format, start + reader.size, "end of rich text")


GROUP = 17  # bytes of the longest group of eight


def _group(data: bytes, used: int, output: Output, place: int) -> tuple[int, int]:
    """Decode eight bytes or matches; return what was used, and the next place or -1."""
    flags = data[used]
    used += 1
    for bit in range(8):
        if not flags >> bit & 1:
            literal = data[used : used + 1]
            output.data += literal
            used += len(literal)
            place += len(literal)
            continue
        match = int.from_bytes(data[used : used + 2], "big")
        if used + 2 > len(data):
            return len(data), place
        used += 2
        distance = (place - (match >> 4)) % RING
        if not distance:
            return used, -1
        length = (match & 15) + 2
        output.copy(distance, length)
        place += length
    return used, place
