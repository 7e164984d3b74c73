"""Behaviour of what is remembered of matches."""

from clearward.formats.rar.packing.matches import Matches


def test_the_last_four_are_remembered_the_last_one_first() -> None:
    matches = Matches()
    for number in range(1, 6):
        matches.add(number, 10 * number)
    assert matches.recent == [5, 4, 3, 2]
    assert (matches.distance, matches.length) == (5, 50)
