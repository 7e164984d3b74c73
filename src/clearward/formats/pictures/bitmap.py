"""Bitmaps without a file header, as icons have them: colours, then a mask.

    0     size of this header 4, width 4, height of both 4, planes 2, bits 2, ...
    size  for up to 8 bits a palette: blue, green, red, zero for each of 2^bits
          points, the lowest row first, each row padded to 4 bytes
          mask, likewise: a bit for each point that is not shown

Points of 1, 4, 8, 24 or 32 bits; what 32 bits have beside colours is
how much is shown, and if that is nothing of any point the mask counts instead. What is
not shown is white. clamscan looks neither at the compression nor at how long a palette
is said to be, so neither does this.

Source: Microsoft, "BITMAPINFOHEADER"; tried with clamscan 1.4.6.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.reader import Reader

HEAD = Struct("<IIIHH")
LEAST, MOST = 16, 256  # points in a direction
LEAST_HEAD = 40
PALETTED = frozenset({1, 4, 8})
BITS = PALETTED | {16, 24, 32}
HIGH, FULL = 16, 32  # bits
MOST_SHOWN = 255

Point = tuple[int, ...]  # red, green, blue


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Points of a picture, row by row from the top."""

    width: int
    height: int
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the header of a bitmap says.

    Attributes:
        place: where its palette or its points begin.
        width, height: in points.
        bits: of a point.
    """

    place: int
    width: int
    height: int
    bits: int

    def stride(self, bits: int) -> int:
        """Return the bytes of a row of so many bits for each point."""
        return (self.width * bits + 31) // 32 * 4


def shape_of(reader: Reader, start: int) -> Shape | None:
    """Return the shape of the bitmap that begins somewhere, or None if there is none.

    Args:
        reader: the file around it.
        start: where its header begins.
    """
    head = reader.at(start, HEAD.size)
    if len(head) < HEAD.size:
        return None
    size, width, both, _, bits = HEAD.unpack(head)
    height = both // 2
    if not LEAST <= width <= MOST or not LEAST <= height <= MOST or bits not in BITS:
        return None
    if not LEAST_HEAD <= size <= reader.size or not _is_square(width, height):
        return None
    return Shape(start + size, width, height, bits)


def read(reader: Reader, shape: Shape) -> Bitmap | None:
    """Return a bitmap, or None if it is cut short or has 16 bits for each point."""
    bits, place = shape.bits, shape.place
    palette: list[Point] = []
    if bits == HIGH:
        return None
    if bits in PALETTED:
        colours = reader.at(place, 4 << bits)
        if len(colours) < 4 << bits:
            return None
        palette = [tuple(colours[at : at + 3][::-1]) for at in range(0, 4 << bits, 4)]
        place += 4 << bits
    rows = _rows(reader, place, shape.stride(bits), shape.height)
    if rows is None:
        return None
    shown = _shown(reader, place + shape.stride(bits) * shape.height, rows, shape)
    if shown is None:
        return None
    points = [point for row in rows for point in _points(row, shape, palette)]
    mixed = zip(points, shown, strict=True)
    return Bitmap(shape.width, shape.height, [_over_white(*one) for one in mixed])


def _is_square(width: int, height: int) -> bool:
    """Say whether neither side is much longer."""
    return width >= height * 3 // 4 and height >= width * 3 // 4


def _rows(reader: Reader, place: int, stride: int, height: int) -> list[bytes] | None:
    """Return the rows from the top, or None if they are not all there."""
    data = reader.at(place, stride * height)
    if len(data) < stride * height:
        return None
    return [data[at : at + stride] for at in range(0, len(data), stride)][::-1]


def _points(row: bytes, shape: Shape, palette: list[Point]) -> Iterator[Point]:
    """Yield the points of a row."""
    bits = shape.bits
    if bits in PALETTED:
        each = 8 // bits
        for at in range(shape.width):
            shift = 8 - bits * (at % each + 1)
            yield palette[row[at // each] >> shift & (1 << bits) - 1]
        return
    step = bits // 8
    for at in range(0, shape.width * step, step):
        yield row[at + 2], row[at + 1], row[at]


def _shown(
    reader: Reader, place: int, rows: list[bytes], shape: Shape
) -> list[int] | None:
    """Return how much of each point is shown, 0 to 255, or None if it is not there."""
    if shape.bits == FULL:
        shown = [part for row in rows for part in row[3::4]]
        if any(shown):
            return shown
    masks = _rows(reader, place, shape.stride(1), shape.height)
    if masks is None:
        return None
    return [
        0 if row[at // 8] >> 7 - at % 8 & 1 else MOST_SHOWN
        for row in masks
        for at in range(shape.width)
    ]


def _over_white(point: Point, shown: int) -> Point:
    if shown == MOST_SHOWN:
        return point
    rest = MOST_SHOWN * (MOST_SHOWN - shown)
    return tuple((part * shown + rest) // MOST_SHOWN for part in point)
