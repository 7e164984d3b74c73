"""Decompress what AutoIt packed: EA05 and EA06.

    "EA05" or "EA06", size (4, big-endian), then bits, the highest of a byte first:
    one bit: in EA06 1, in EA05 0, and a byte as it is (8)
    or the other bit, distance (15) and length: 2 bits, and if all are set 3 more, then
    5, then 8 and 8 again; what stands before is added: 3, 6, 13, 44, 299 and 255 each

Source: AutoIt-Ripper (MIT), which describes the format by reading it.
"""

from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.lz.bits import HighBits
from clearward.formats.lz.output import Output, expanded

MAGICS = {b"EA05": 0, b"EA06": 1}  # and the bit in front of a byte as it is
HEADER = 8
WINDOW = 1 << 15
STEPS = ((2, 3), (3, 6), (5, 13), (8, 44))  # bits, and what is added to their number
MORE = 8
FIRST_MORE = 299


def unpacked(data: Reader, format: str) -> Iterator[bytes]:
    """Yield what is packed, up to its size.

    Args:
        data: from the magic on, which is one of `MAGICS`.
        format: name for errors.

    Raises:
        Malformed: the data reach back too far.
        Truncated: they end too early.
    """
    header = data.at(0, HEADER)
    size = int.from_bytes(header[4:], "big")
    body = data.slice(min(HEADER, data.size), max(data.size - HEADER, 0))
    output = Output(WINDOW)
    bits = HighBits(body, format)
    yield from expanded(_steps(bits, output, MAGICS[header[:4]], size), output)


def _steps(bits: HighBits, output: Output, plain: int, size: int) -> Iterator[None]:
    left = size
    while left > 0:
        if bits.take(1) == plain:
            output.data.append(bits.take(8))
            left -= 1
        else:
            distance = bits.take(15)
            length = _length(bits, left)
            if not output.copy(distance, length):
                raise bits.bad("distance")
            left -= length
        if len(output.data) >= output.most:
            yield


def _length(bits: HighBits, most: int) -> int:
    """Read the length of a match, no more than `most` of it."""
    for count, added in STEPS:
        value = bits.take(count)
        if value + 1 < 1 << count:
            return min(value + added, most)
    length = FIRST_MORE
    while (value := bits.take(MORE)) + 1 == 1 << MORE and length < most:
        length += value
    return min(length + value, most)
