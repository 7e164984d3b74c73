"""Find what a signature block of a Windows program carries besides the signature.

The fourth directory is a place in the file, not an address, and a size. There, each
entry at a multiple of 8 bytes, little-endian (PE format, "The Attribute Certificate
Table"):

    4 bytes   length of the entry
    2, 2      revision; kind: 2 a PKCS #7 signature
    content   DER (RFC 5652, 5.1 and 5.3); what is behind it is padding

The digest that is signed leaves the table out, so anybody can put bytes behind the DER,
or into attributes that are not signed, and the signature stays good.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats.programs.pe import Program

DIRECTORY = 4
ENTRY = Struct("<IHH")
SIGNATURE = 2  # kind
ALIGNED = 8
MOST_ENTRIES = 64
MOST = 32 * MIB  # bytes of a table that are read
SEQUENCE, SET, INTEGER, OBJECT = 0x30, 0x31, 0x02, 0x06
FIRST, SECOND = 0xA0, 0xA1  # tags with a meaning of their own
LONG = 0x80  # of a length: as many bytes of it follow as the other bits say
# Attributes that only hold signatures and times: of signatures, of a time, of both.
USUAL = (
    bytes.fromhex("2a864886f70d010906"),
    bytes.fromhex("2b060104018237020401"),
    bytes.fromhex("2b060104018237030301"),
    bytes.fromhex("2a864886f70d010910020e"),
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Bytes of a file that are in the block and no part of a signature.

    Attributes:
        name: what they are.
        start, size: where they are in the file.
    """

    name: bytes
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class _Element:
    """An element of DER: its tag, and where its content is."""

    tag: int
    start: int
    end: int


def table(program: Program) -> tuple[int, int]:
    """Return place and size of the block, zeros if there is none in the file."""
    start, size = program.directory(DIRECTORY)
    inside = 0 < start < program.size
    return (start, min(size, program.size - start)) if inside else (0, 0)


def hidden(program: Program, reader: Reader) -> Iterator[Hidden]:
    """Yield what is hidden in the block of a program, as far as it can be read."""
    first, size = table(program)
    data = reader.at(first, min(size, MOST))
    place = 0
    for _ in range(MOST_ENTRIES):
        if place + ENTRY.size > len(data):
            return
        length, _, kind = ENTRY.unpack_from(data, place)
        end = min(place + length, len(data))
        if length < ENTRY.size:
            yield Hidden(b"signature padding", first + place, len(data) - place)
            return
        start = place + ENTRY.size
        outer = _element(data, start, end) if kind == SIGNATURE else None
        if outer is None:
            yield Hidden(b"signature unknown", first + start, end - start)
        else:
            yield Hidden(b"signature padding", first + outer.end, end - outer.end)
            for each in _unsigned(data, outer):
                yield Hidden(each.name, first + each.start, each.size)
        place += length + -length % ALIGNED


def _unsigned(data: bytes, outer: _Element) -> Iterator[Hidden]:
    """Yield values of unsigned attributes: in signers, the last field of each."""
    content = _child(data, outer, FIRST)
    signed = _child(data, content, SEQUENCE) if content is not None else None
    if signed is None:
        return
    signers = [each for each in _children(data, signed) if each.tag == SET][-1:]
    for signer in (one for each in signers for one in _children(data, each)):
        unsigned = _child(data, signer, SECOND)
        for attribute in _children(data, unsigned) if unsigned is not None else ():
            fields = list(_children(data, attribute))
            kind = data[fields[0].start : fields[0].end] if fields else b""
            if kind not in USUAL and len(fields) > 1:
                start, end = fields[1].start, fields[1].end
                name = b"signature attribute " + _dotted(kind)
                yield Hidden(name, start, end - start)


def _child(data: bytes, element: _Element, tag: int) -> _Element | None:
    return next((each for each in _children(data, element) if each.tag == tag), None)


def _children(data: bytes, element: _Element) -> Iterator[_Element]:
    place = element.start
    while place < element.end:
        found = _element(data, place, element.end)
        if found is None:
            return
        yield found
        place = found.end


def _element(data: bytes, place: int, end: int) -> _Element | None:
    """Return the element at a place, None if it does not end before `end`."""
    if place + 2 > end:
        return None
    tag, length = data[place], data[place + 1]
    start = place + 2
    if length & LONG:
        count = length & ~LONG
        length = int.from_bytes(data[start : start + count], "big")
        start += count
        if count not in range(1, 5):
            return None
    return _Element(tag, start, start + length) if start + length <= end else None


def _dotted(kind: bytes) -> bytes:
    """Return an object identifier as people write it (X.690, 8.19)."""
    numbers, value = [], 0
    for byte in kind[:64]:
        value = value << 7 | byte & ~LONG
        if not byte & LONG:
            numbers.append(value)
            value = 0
    front = min(numbers[0] // 40, 2) if numbers else 0
    shown = [front, numbers[0] - 40 * front, *numbers[1:]] if numbers else []
    return ".".join(map(str, shown)).encode("ascii")
