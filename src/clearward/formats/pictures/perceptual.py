"""The perceptual hash of a picture, from 32 by 32 grey points.

    points  -> discrete cosine transform (DCT-II) of each row, then of each column
            -> the 8 by 8 lowest frequencies, row by row
            -> a bit each: it is above the median of all 64; the first is the highest

Source: ClamAV's manual, "Image Fuzzy Hash subsignatures"; tried with clamscan 1.4.6
(`docs/compat-clamav.md`).
"""

from collections.abc import Sequence
from math import cos, pi
from operator import mul

SIDE = 32  # points
KEPT = 8  # frequencies in each direction

# For an even number of values: what the odd frequencies take of the differences.
_ODD = {
    size: tuple(
        tuple(
            cos(pi * (2 * place + 1) * (2 * number + 1) / (2 * size))
            for place in range(size // 2)
        )
        for number in range(size // 2)
    )
    for size in (2, 4, 8, 16, 32)
}


def perceptual_hash(points: Sequence[int]) -> bytes:
    """Return the hash, 8 bytes.

    Args:
        points: 1024 of them, row by row, 0 (black) to 255.
    """
    starts = range(0, SIDE * SIDE, SIDE)
    rows = [_transformed(points[start : start + SIDE])[:KEPT] for start in starts]
    columns = [_transformed(column)[:KEPT] for column in zip(*rows, strict=True)]
    values = [value for row in zip(*columns, strict=True) for value in row]
    ordered = sorted(values)
    middle = len(values) // 2
    median = (ordered[middle - 1] + ordered[middle]) / 2
    bits = 0
    for value in values:
        bits = bits << 1 | (value > median)
    return bits.to_bytes(KEPT * KEPT // 8)


def _transformed(values: Sequence[float]) -> list[float]:
    """Return the DCT-II of 1, 2, 4, ... 32 values, not scaled.

    Sums and differences of what stands opposite each other make the odd frequencies of
    what is symmetric exactly zero, so that no rounding decides about their bits.
    """
    size = len(values)
    if size == 1:
        return [values[0]]
    half = size // 2
    opposite = list(zip(values[:half], reversed(values[half:]), strict=True))
    found = [0.0] * size
    found[::2] = _transformed([left + right for left, right in opposite])
    differences = [left - right for left, right in opposite]
    found[1::2] = [sum(map(mul, row, differences)) for row in _ODD[size]]
    return found
