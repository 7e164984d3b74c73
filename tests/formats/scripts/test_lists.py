"""Behaviour of the search for lists of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.scripts import lists
from clearward.formats.scripts.lists import Listed, reference

FORMS = ("%d", "%d", "%d", "0x%x", "&H%X", "0X%02X", "%06d")
NUMBERS = st.builds(
    lambda form, value: (form % value).encode(),
    st.sampled_from(FORMS),
    st.one_of(st.integers(0, 127), st.integers(0, 300), st.integers(0, 10**7)),
)
BETWEEN = st.sampled_from(
    [
        b",",
        b",",
        b",",
        b", ",
        b" ,\n",
        b"," + b" " * 9,
        b"," + b" " * 8,
        b"x",
        b",,",
        b"0x",
    ]
)
TEXTS = st.one_of(
    st.lists(st.tuples(NUMBERS, BETWEEN), max_size=60).map(
        lambda pairs: b"".join(one + two for one, two in pairs)
    ),
    st.lists(
        st.sampled_from([b"1", b"23", b"0x", b"&h", b"f", b",", b" ", b"\x0b"]),
        max_size=120,
    ).map(b"".join),
    st.lists(st.integers(0, 300), min_size=12, max_size=90).map(
        lambda numbers: b",".join(b"%d" % each for each in numbers)
    ),
)


def each(text: bytes, find: object) -> list[tuple[int, int, bytes]]:
    """Everything that is found in a text."""
    assert callable(find)
    found = []
    place = 0
    while place < len(text):
        found.append(find(text, place))
        place = found[-1][1]
    return found


@given(TEXTS)
def test_the_compiled_search_finds_what_the_other_does(text: bytes) -> None:
    if lists.find is reference:
        pytest.skip("not compiled here")
    assert each(text, lists.find) == each(text, reference)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_lists_inside_of_them(data: bytes) -> None:
    for found in lists.lists(data):
        assert 0 <= found.start < found.end <= len(data)
        assert 0 < len(found.content) <= found.end - found.start


def test_bytes_are_written_in_any_base() -> None:
    text = b"x = [72, 0x65, &H6c, 108,111,32, 0X77,111 ,\n114,108,100,0x21]"
    assert list(lists.lists(text)) == [Listed(5, len(text) - 1, b"Hello world!")]


def test_letters_by_number_are_text() -> None:
    words = "Ω is a letter of Greek"
    text = ",".join(str(ord(letter)) for letter in words).encode()
    (found,) = lists.lists(text)
    assert found.content.decode() == words


def test_a_list_whose_front_is_no_text_stands_for_nothing() -> None:
    text = b",".join(b"%d" % (each * 997) for each in range(60))
    assert list(lists.lists(text)) == []


def test_eleven_numbers_are_too_few() -> None:
    assert list(lists.lists(b",".join([b"65"] * 11))) == []
    assert [each.content for each in lists.lists(b",".join([b"65"] * 12))] == [
        b"A" * 12
    ]


def test_time_grows_with_the_text_where_no_list_has_enough_numbers() -> None:
    """Each place would be looked at again for every number in front of it."""
    text = b";".join([b",".join([b"1234567"] * 11)] * 20_000)
    assert list(lists.lists(text)) == []
