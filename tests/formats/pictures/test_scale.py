"""Behaviour of bringing icons to a size that lists have."""

import pytest

from clearward.formats.pictures.bitmap import Bitmap, Point
from clearward.formats.pictures.scale import scaled


def counted(width: int, height: int) -> Bitmap:
    """A picture whose points say where they are."""
    points: list[Point] = [(x, y, 0) for y in range(height) for x in range(width)]
    return Bitmap(width, height, points)


@pytest.mark.parametrize(
    ("width", "height", "side"),
    [
        *((16, 16, 16), (24, 24, 24), (32, 32, 32), (17, 17, 16), (20, 20, 16)),
        *((21, 20, 24), (28, 28, 24), (28, 29, 32), (40, 40, 32), (48, 48, 24)),
        *((64, 64, 32), (72, 72, 18), (96, 96, 24), (120, 120, 30), (256, 256, 32)),
        *((80, 80, 32), (64, 48, 32), (255, 255, 32), (24, 18, 24)),
    ],
)
def test_a_picture_gets_the_size_that_clamscan_gives_it(
    width: int, height: int, side: int
) -> None:
    small = scaled(counted(width, height))
    assert (small.width, small.height) == (side, side)
    assert len(small.points) == side * side


def test_the_nearest_point_is_rounded_along_a_row_and_cut_off_along_a_column() -> None:
    points = scaled(counted(20, 20)).points
    assert [point[0] for point in points[:5]] == [0, 1, 3, 4, 5]
    assert [point[1] for point in points[::16]][:5] == [0, 1, 2, 3, 5]


def test_halving_rounds_rows_down_before_columns() -> None:
    points: list[Point] = [(0, 0, 0) for _ in range(48 * 48)]
    corners: list[Point] = [(1, 5, 9), (2, 5, 9), (1, 6, 9), (1, 1, 1)]
    points[:2], points[48:50] = corners[:2], corners[2:]
    assert scaled(Bitmap(48, 48, points)).points[0] == (1, 4, 7)
