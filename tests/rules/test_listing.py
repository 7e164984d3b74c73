"""Behaviour of lists in images: rows of JSON that are checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.native.errors import BadImage
from clearward.rules.listing import MOST_BYTES, read_rows, write_rows


def test_rows_come_back_as_they_were_written() -> None:
    data = write_rows([[7, "text\xff", None, True, (1, 2)], [0, "", None, False, None]])
    one, two = read_rows(data, 5)
    assert (one.number(0), one.text(1, 5), one.flag(3)) == (7, "text\xff", True)
    assert (one.range(4), two.range(4)) == ((1, 2), None)
    assert one.absent(2)
    assert not one.absent(1)


def test_no_section_is_no_row() -> None:
    assert list(read_rows(b"", 3)) == []


@pytest.mark.parametrize(
    "data",
    [
        *(b"{}", b"1", b"[1]", b"[[1]]", b"[[1,2,3]", b"\xff", b"[" * 100_000),
        bytes(MOST_BYTES + 1),
    ],
)
def test_what_is_no_list_of_rows_is_refused(data: bytes) -> None:
    with pytest.raises(BadImage):
        list(read_rows(data, 2))


@pytest.mark.parametrize("wrong", ["-1", "9", "1.0", "true", '"1"', "null", "1e400"])
def test_a_number_is_a_whole_one_up_to_the_most(wrong: str) -> None:
    (row,) = read_rows(f"[[{wrong}]]".encode(), 1)
    with pytest.raises(BadImage):
        row.number(0, 8)


@pytest.mark.parametrize("wrong", ["1", "null", '"abcde"', '"\\u0100"', "[]"])
def test_a_text_is_latin_and_short(wrong: str) -> None:
    (row,) = read_rows(f"[[{wrong}]]".encode(), 1)
    with pytest.raises(BadImage):
        row.text(0, 4)


@pytest.mark.parametrize("wrong", ["1", "[1]", "[1,2,3]", "[1,-2]", '"a"', "[1,null]"])
def test_a_range_has_two_numbers(wrong: str) -> None:
    (row,) = read_rows(f"[[{wrong}]]".encode(), 1)
    with pytest.raises(BadImage):
        row.range(0)
    with pytest.raises(BadImage):
        row.flag(0)


@given(st.binary())
def test_any_bytes_are_rows_or_refused(data: bytes) -> None:
    try:
        rows = list(read_rows(data, 1))
    except BadImage:
        return
    assert all(row.absent(0) in (True, False) for row in rows)
