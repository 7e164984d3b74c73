"""Behaviour of the codes of RAR 1.5 and of its tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.lz.bits import HighBits
from clearward.formats.rar.packing.first_codes import SHORTS, Average, Table, Words


@pytest.mark.parametrize("row", range(4))
def test_each_code_of_short_matches_says_something_for_all_bits(row: int) -> None:
    found = set()
    for byte in range(256):
        found.add(SHORTS[row].symbol(HighBits(Reader.of(bytes((byte,))), "rar")))
    assert found == set(range(15 if row % 2 == 0 else 14))


def test_bits_that_are_no_word_are_damage() -> None:
    words = Words(["0", "10"])
    bits = HighBits(Reader.of(b"\x58"), "rar")  # 0 10 11
    assert [words.symbol(bits), words.symbol(bits)] == [0, 1]
    with pytest.raises(Malformed):
        words.symbol(bits)


def test_a_value_moves_before_those_used_less() -> None:
    table = Table(list(range(256)), 255)
    assert [table.at(place) for place in (9, 0, 9, 1, 9)] == [9, 9, 0, 0, 1]


@given(st.lists(st.integers(0, 255), max_size=900), st.booleans())
def test_a_table_never_loses_a_value(places: list[int], anew: bool) -> None:  # noqa: FBT001 - given by name of the strategy
    table = Table(list(range(256)), 5 if not anew else 9, anew=anew)
    for place in places:
        table.at(place)
    assert sorted(table.values) == list(range(256))


def test_an_average_weighs_what_was_before() -> None:
    average = Average(160, 4)
    average.add(16)
    assert average.value == 176 - 11
