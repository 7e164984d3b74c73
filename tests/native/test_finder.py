"""Behaviour of the search for several needles at once, compiled and in plain Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.identify import MARKS
from clearward.native.finder import LONGEST, MOST, SHORTEST, Reference, finder

native = pytest.importorskip(
    "clearward.native._finder", reason="the compiled finder is not built"
)
ENOUGH = 1000
# few letters, so that needles overlap and stand in each other
LETTERS = st.lists(st.sampled_from(b"ab\0\xff"), max_size=200).map(bytes)
NEEDLES = st.lists(
    st.lists(st.sampled_from(b"ab\0\xff"), min_size=SHORTEST, max_size=9).map(bytes),
    max_size=MOST,
).map(tuple)


def test_needles_are_found_at_every_place_and_length_of_a_part() -> None:
    compiled, reference = finder(MARKS), Reference(MARKS)
    for mark in MARKS:
        for length in [*range(40), 63, 64, 65, 66, 67, 68, 99, 100]:
            for place in range(0, length + 1, 3):
                data = (bytes(place) + mark + b"PK").ljust(length, b"P")[:length]
                assert compiled.places(data, 2) == reference.places(data, 2)


def test_places_are_told_in_order_with_the_number_of_the_needle() -> None:
    found = finder((b"abcd", b"bcde", b"abcdef")).places(b"..abcdef.abcd", ENOUGH)
    assert found == [(2, 0), (2, 2), (3, 1), (9, 0)]


def test_a_needle_is_told_no_more_often_than_asked_for() -> None:
    places = finder((b"aaaa", b"abbb")).places(b"a" * 100 + b"bbb", 2)
    assert places == [(0, 0), (1, 0), (99, 1)]
    assert finder((b"aaaa",)).places(b"a" * 100, 0) == []
    assert finder((b"aaaa",)).places(b"a" * 100, -1) == []


def test_without_needles_nothing_is_found() -> None:
    assert finder(()).places(b"abcd" * 30, ENOUGH) == []


@pytest.mark.parametrize(
    "needles",
    [
        pytest.param((b"abc",), id="too short"),
        pytest.param((bytes(LONGEST + 1),), id="too long"),
        pytest.param((b"abcd",) * (MOST + 1), id="too many"),
    ],
)
def test_needles_it_cannot_hold_are_refused(needles: tuple[bytes, ...]) -> None:
    for made in (Reference, native.Finder):
        with pytest.raises(ValueError, match="needle"):
            made(needles)


def test_what_is_no_tuple_of_bytes_is_refused() -> None:
    for wrong in ([b"abcd"], (1,), ("abcd",), None):
        with pytest.raises(TypeError):
            native.Finder(wrong)
    with pytest.raises(TypeError):
        native.Finder((b"abcd",)).places("abcd", 1)


@given(NEEDLES, LETTERS, st.integers(0, 5))
def test_any_needles_are_found_as_the_reference_finds_them(
    needles: tuple[bytes, ...], data: bytes, most: int
) -> None:
    found = native.Finder(needles).places(data, most)
    assert found == Reference(needles).places(data, most)


@given(st.binary(max_size=300), st.lists(st.sampled_from(MARKS), max_size=4))
def test_marks_are_found_as_the_reference_finds_them(
    data: bytes, marks: list[bytes]
) -> None:
    whole = data.join([b"", *marks, b""])
    assert finder(MARKS).places(whole, 3) == Reference(MARKS).places(whole, 3)
