"""Bring icons to 16, 24 or 32 points, as clamscan does it.

A square of a multiple of 24 or 32 points is halved until it has 32 or fewer, the mean
of two rows and then of two columns, both rounded down. Of any other the nearest point
is taken: along a row rounded, along a column cut off.

Source: tried with clamscan 1.4.6.
"""

from clearward.formats.pictures.bitmap import Bitmap, Point

SIDES = (16, 24, 32)
LARGEST = 32
HALVED = (24, 32)


def scaled(bitmap: Bitmap) -> Bitmap:
    """Return a picture with sides of 16, 24 or 32 points, or of less than 32 halved."""
    width, height = bitmap.width, bitmap.height
    if width == height and width in SIDES:
        return bitmap
    if width == height and any(width % side == 0 for side in HALVED):
        while bitmap.width > LARGEST:
            bitmap = _halved(bitmap)
        return bitmap
    both = width + height
    side = next((one for one in SIDES if both <= 2 * one + 8), LARGEST)
    return _nearest(bitmap, side)


def _halved(bitmap: Bitmap) -> Bitmap:
    width, points = bitmap.width, bitmap.points
    made: list[Point] = []
    for top in range(0, len(points), 2 * width):
        upper, lower = points[top : top + width], points[top + width : top + 2 * width]
        corners = zip(upper[::2], upper[1::2], lower[::2], lower[1::2], strict=True)
        made += (
            tuple(
                ((a + b) // 2 + (c + d) // 2) // 2
                for a, b, c, d in zip(*four, strict=True)
            )
            for four in corners
        )
    return Bitmap(width // 2, bitmap.height // 2, made)


def _nearest(bitmap: Bitmap, side: int) -> Bitmap:
    width, height = bitmap.width, bitmap.height
    columns = [min(int(x * width / side + 0.5), width - 1) for x in range(side)]
    rows = [min(int(y * height / side), height - 1) for y in range(side)]
    points = [bitmap.points[y * width + x] for y in rows for x in columns]
    return Bitmap(side, side, points)
