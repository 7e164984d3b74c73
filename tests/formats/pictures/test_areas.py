"""Behaviour of squares that stand out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.icon import Area
from clearward.formats.pictures.areas import Areas

SIDE = 16
values = st.binary(min_size=SIDE * SIDE, max_size=SIDE * SIDE).map(
    lambda made: [value % 4 for value in made]
)


def slowly(points: list[int], count: int, sign: int) -> list[Area]:
    found: list[Area] = []
    for _ in range(count):
        best, place = None, Area(0, 0, 0)
        for y in range(12):
            for x in range(11):
                if any(abs(x - one.x) < 4 and abs(y - one.y) < 4 for one in found):
                    continue
                total = sum(
                    points[(y + down) * SIDE + x + right]
                    for down in range(4)
                    for right in range(4)
                )
                floor = 0 if sign > 0 else None
                if best is None and total == floor:
                    continue
                if best is None or sign * total > sign * best:
                    best, place = total, Area(total // 16, x, y)
        found.append(place)
    return found


@settings(max_examples=20)
@given(values)
def test_the_best_squares_that_do_not_overlap_are_taken(points: list[int]) -> None:
    areas = Areas(points, SIDE)
    assert areas.most(6) == slowly(points, 6, 1)
    assert areas.least(6) == slowly(points, 6, -1)


def test_where_nothing_is_above_zero_there_is_no_best_place() -> None:
    areas = Areas([0] * SIDE * SIDE, SIDE)
    assert areas.most(3) == [Area(0, 0, 0)] * 3
    assert areas.least(3) == [Area(0, 0, 0), Area(0, 4, 0), Area(0, 8, 0)]
