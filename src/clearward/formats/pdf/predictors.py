"""Undo what a predictor did to rows of samples: PNG's five and TIFF's.

    PNG rows     a byte that says how, then the bytes of a row
    TIFF rows    each sample is a difference to the one on its left

PNG's are undone by a compiled function, or by one in plain Python where the package was
built without a compiler; tests compare the two.

Sources: ISO 32000-1, 7.4.4.4; PNG specification, chapter 9; TIFF 6.0, section 14.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from clearward.core.reader import CHUNK
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded

TIFF = 2
PNG = 10
MOST = 64 << 20  # bytes that are undone; no text or table is longer
LONGEST_ROW = 1 << 20
MOST_PIXEL = 64  # bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows are made.

    Attributes:
        kind: 1 for none, 2 for TIFF, 10 and more for PNG.
        pixel: bytes of a pixel, at least 1.
        row: bytes of a row.
        bits: of a sample.
    """

    kind: int
    pixel: int
    row: int
    bits: int


def shape(kind: int, colors: int, bits: int, columns: int) -> Shape | None:
    """Return the shape that parameters ask for; None if there is nothing to undo."""
    row = (colors * bits * columns + 7) // 8
    pixel = max(colors * bits // 8, 1)
    if kind < TIFF or not 0 < row <= LONGEST_ROW or pixel > MOST_PIXEL:
        return None
    return Shape(kind, pixel, row, bits)


def undone(source: Iterator[bytes], shape: Shape) -> Iterator[bytes]:
    """Yield the rows as they were.

    Raises:
        Undecoded: there are more than `MOST` bytes of them.
    """
    tagged = shape.kind >= PNG
    size = shape.row + tagged
    before = bytes(shape.row)
    left = b""
    done = 0
    for chunk in source:
        data = left + chunk
        whole = len(data) - len(data) % size
        if whole:
            rows = _rows(data[:whole], before, shape)
            before = rows[-shape.row :]
            yield rows
        left = data[whole:]
        done += whole
        if done > MOST:
            raise Undecoded("pdf", 0, "predictor", Reason.SIZE_LIMIT)
    if left[tagged:]:
        rows = _rows(left.ljust(size, b"\0"), before, shape)
        yield rows[: len(left) - tagged]


def _rows(data: bytes, above: bytes, shape: Shape) -> bytes:
    """Return whole rows as they were."""
    if shape.kind >= PNG:
        return png(data, above, shape.pixel)
    if shape.bits != 8:  # noqa: PLR2004 - a byte
        return data
    places = range(0, len(data), shape.row)
    return b"".join(_sub(data[at : at + shape.row], shape.pixel) for at in places)


def reference(data: bytes, above: bytes, pixel: int) -> bytes:
    """Return rows as they were before PNG's filters.

    Args:
        data: the rows, each behind the byte that says how it was filtered.
        above: the row above them, which says how long one is.
        pixel: bytes of a pixel.
    """
    rows = []
    for place in range(0, len(data), len(above) + 1):
        row = data[place + 1 : place + 1 + len(above)]
        above = _png(data[place], row, above, pixel)
        rows.append(above)
    return b"".join(rows)


png: Callable[[bytes, bytes, int], bytes] = reference

try:
    from clearward.native import _rows as compiled
except ImportError as missing:
    # Anything else that is missing is a fault, not a choice.
    if missing.name not in {"clearward.native._rows", "clearward.native"}:
        raise
else:
    png = compiled.png


def _png(how: int, row: bytes, above: bytes, pixel: int) -> bytes:
    if how == 1:
        return _sub(row, pixel)
    if how == 2:  # noqa: PLR2004 - the numbers of the PNG specification
        return _up(row, above)
    if how == 3:  # noqa: PLR2004
        return _average(row, above, pixel)
    if how == 4:  # noqa: PLR2004
        return _paeth(row, above, pixel)
    return row


def _sub(row: bytes, pixel: int) -> bytes:
    output = bytearray(len(row))
    for each in range(min(pixel, len(row))):
        sums = list(accumulate(row[each::pixel]))
        output[each::pixel] = struct.pack(f"<{len(sums)}I", *sums)[::4]
    return bytes(output)


def _up(row: bytes, above: bytes) -> bytes:
    """Add two rows byte by byte, as one number whose bytes do not carry over."""
    size = len(row)
    low = int.from_bytes(b"\x7f" * size, "little")
    one, other = int.from_bytes(row, "little"), int.from_bytes(above, "little")
    total = ((one & low) + (other & low)) ^ ((one ^ other) & ~low)
    return total.to_bytes(size, "little")


def _average(row: bytes, above: bytes, pixel: int) -> bytes:
    output = bytearray(bytes(pixel) + row)
    for place, (value, upper) in enumerate(zip(row, above, strict=True)):
        output[place + pixel] = (value + (output[place] + upper) // 2) & 0xFF
    return bytes(output[pixel:])


def _paeth(row: bytes, above: bytes, pixel: int) -> bytes:
    output = bytearray(bytes(pixel) + row)
    corners = bytes(pixel) + above
    for place, (value, up, corner) in enumerate(
        zip(row, above, corners[: len(row)], strict=True)
    ):
        left = output[place]
        to_left, to_up = abs(up - corner), abs(left - corner)
        to_corner = abs(left + up - 2 * corner)
        if to_left <= to_up and to_left <= to_corner:
            nearest = left
        else:
            nearest = up if to_up <= to_corner else corner
        output[place + pixel] = (value + nearest) & 0xFF
    return bytes(output[pixel:])


def bounded(source: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of at most `CHUNK`."""
    for chunk in source:
        for place in range(0, len(chunk), CHUNK):
            yield chunk[place : place + CHUNK]
