"""Behaviour of the looks of icons: what clamscan 1.4.6 says of some simple ones."""

from clearward.core.icon import Area
from clearward.formats.pictures.bitmap import Point
from clearward.formats.pictures.iconic import look

SIDE = 16
BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (255, 0, 0)


def boxed(inside: Point, outside: Point = BLACK) -> list[Point]:
    return [
        inside if 4 <= x < 8 and 4 <= y < 8 else outside
        for y in range(SIDE)
        for x in range(SIDE)
    ]


def test_a_white_box_is_bright_and_has_edges() -> None:
    icon = look(boxed(WHITE), SIDE)
    assert icon.bright == (Area(255, 4, 4), Area(0, 0, 0), Area(0, 0, 0))
    assert icon.edges == (Area(170, 4, 4), Area(55, 4, 0), Area(51, 0, 4))
    assert icon.colours == (Area(51, 8, 4), Area(49, 4, 8), Area(8, 0, 0))
    assert icon.greys == (Area(0, 8, 4), Area(0, 4, 8), Area(8, 0, 0))
    assert not icon.is_coloured


def test_a_red_box_has_a_colour() -> None:
    icon = look(boxed(RED), SIDE)
    assert icon.colours[0] == Area(4072, 4, 4)
    assert icon.spread == (100, 0, 0, 6)
    assert icon.edges[0] == Area(172, 4, 4)


def test_where_there_is_no_edge_blue_stands_in() -> None:
    icon = look([WHITE] * SIDE**2, SIDE)
    assert icon.edges == (Area(254, 2, 4), Area(254, 6, 4), Area(254, 10, 4))
    assert icon.plain == (Area(117, 0, 0), Area(163, 0, 11), Area(170, 4, 0))
    assert look([RED] * SIDE**2, SIDE).edges == (Area(0, 0, 0),) * 3


def test_the_spread_says_how_far_each_colour_is_from_the_middle_one() -> None:
    assert look([(200, 100, 50)] * SIDE**2, SIDE).spread == (67, 0, 34, 100)
    assert look([(255, 255, 0)] * SIDE**2, SIDE).spread == (0, 0, 100, 100)
    assert look([(85, 0, 0)] * SIDE**2, SIDE).spread == (0, 0, 0, 0)
