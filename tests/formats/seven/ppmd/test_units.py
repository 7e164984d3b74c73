"""Behaviour of the memory of a PPMd model."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.seven.ppmd.units import LARGEST, LIST_OF, SIZES, UNIT, Units

SIZE = 12_000


def test_there_are_38_sizes_up_to_128_units() -> None:
    assert len(SIZES) == 38
    assert SIZES[:6] == (1, 2, 3, 4, 6, 8)
    assert LARGEST == 128
    assert [LIST_OF[n] for n in (1, 4, 5, 6, 7, 128)] == [0, 3, 4, 4, 5, 37]


def test_contexts_come_from_the_end_and_tables_from_the_middle() -> None:
    units = Units(SIZE)
    first, second = units.context(), units.context()
    assert first - second == UNIT
    assert first + UNIT == 4 + SIZE
    table, other = units.table(1), units.table(0)
    assert other - table == 2 * UNIT


def test_what_was_given_back_is_used_again() -> None:
    units = Units(SIZE)
    table = units.table(3)
    units.free[3].append(table)
    assert units.table(3) == table


def test_shrinking_gives_the_rest_back() -> None:
    units = Units(SIZE)
    table = units.table(LIST_OF[8])
    assert units.shrink(table, 8, 8) == table
    assert units.shrink(table, 8, 3) == table
    assert units.free[LIST_OF[4]] + units.free[LIST_OF[1]] != []


def test_shrinking_moves_to_a_hole_that_fits() -> None:
    units = Units(SIZE)
    table, hole = units.table(LIST_OF[8]), units.table(LIST_OF[2])
    units.heap[table : table + 24] = b"two units of twelve each"
    units.free[LIST_OF[2]].append(hole)
    assert units.shrink(table, 8, 2) == hole
    assert units.heap[hole : hole + 24] == b"two units of twelve each"
    assert units.free[LIST_OF[8]] == [table]


@given(st.lists(st.tuples(st.integers(-1, 37), st.booleans()), max_size=200))
def test_no_unit_is_handed_out_twice(asked: list[tuple[int, bool]]) -> None:
    units = Units(SIZE)
    taken: dict[int, int] = {}
    for which, back in asked:
        if back and taken:
            place, size = taken.popitem()
            units.free[LIST_OF[size]].append(place)
            continue
        place = units.context() if which < 0 else units.table(which)
        size = 1 if which < 0 else SIZES[which]
        if place:
            for other, length in taken.items():
                assert place + size * UNIT <= other or other + length * UNIT <= place
            assert place >= units.text
            taken[place] = size


def test_holes_that_touch_become_one() -> None:
    units = Units(SIZE)
    places = []
    while place := units.table(0):
        places.append(place)
    units.free[0] += places
    assert units.table(37) == 0 or units.table(37) in places
