"""The table of what costs most."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.guard.costs import Costs


def test_the_dearest_come_first() -> None:
    costs = Costs()
    for name, seconds in ((b"a", 1.0), (b"b", 0.6), (b"b", 0.6), (b"c", 0.1)):
        costs.add(name, seconds)
    assert [(name, cost.scans) for name, cost in costs.top(2)] == [(b"b", 2), (b"a", 1)]


@given(st.lists(st.tuples(st.integers(0, 99), st.floats(0, 9)), max_size=200))
def test_the_table_is_bounded_and_keeps_the_dearest(
    scans: list[tuple[int, float]],
) -> None:
    costs = Costs(4)
    for number, seconds in scans:
        costs.add(b"%d" % number, seconds)
    costs.add(b"dear", 1000.0)
    top = costs.top(100)
    assert len(top) <= 8
    assert top[0][0] == b"dear"
