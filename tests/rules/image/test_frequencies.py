"""Tests of the table of four bytes."""

from clearward.rules.image.frequencies import (
    UNSEEN,
    Frequencies,
    parse,
    shipped,
    sum_of,
)


def test_a_table_is_read_line_by_line() -> None:
    table = parse("# said by whom\n4d5a 9000k ffffb\n0000 0000c\n")
    assert table.of == {b"MZ\x90\0": 10, b"MZ\xff\xff": 1, bytes(4): 2}


def test_what_is_not_in_the_table_is_rarer_than_what_is() -> None:
    table = shipped()
    assert max(table.of.values()) < UNSEEN
    assert table.rarity(b"\x91\x7f\xe3\x05") == UNSEEN
    assert table.rarity(bytes(4)) < 4
    assert table.rarity(b"the ") < 16


def test_fewer_bytes_are_as_common_as_all_that_begin_so() -> None:
    table = Frequencies({b"abcd": 10, b"abce": 10, b"xbce": 12})
    assert table.rarity(b"abc") == 9
    assert table.rarity(b"ab") == 9
    assert table.rarity(b"x") == 12
    assert table.rarity(b"zz") < UNSEEN


def test_the_rarest_place_is_the_first_of_the_rarest() -> None:
    table = Frequencies({b"abcd": 10, b"bcde": 12})
    assert table.rarest(b"abcde") == (1, 12)
    assert table.rarest(b"abcdef") == (2, UNSEEN)
    assert table.rarest(b"ab") == (0, 10)


def test_several_are_as_common_as_their_sum() -> None:
    assert sum_of([10]) == 10
    assert sum_of([10, 10]) == 9
    assert sum_of([10, UNSEEN]) == 10
    assert sum_of([0, 0]) == 0
