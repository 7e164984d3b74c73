"""Behaviour of the search in parts of any size."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import CHUNK, Reader
from clearward.formats.search import find


def reading(data: bytes) -> Reader:
    """A reader that does not hold its bytes."""
    return Reader(lambda at, size: data[at : at + size], len(data))


def test_what_lies_over_two_chunks_is_found() -> None:
    for before in range(CHUNK - 5, CHUNK + 5):
        data = bytes(before) + b"abc" + bytes(99)
        assert find(reading(data), b"abc") == before


@given(st.lists(st.sampled_from([b"a", b"b"])).map(b"".join), st.integers(0, 9))
def test_both_ways_find_the_same(data: bytes, start: int) -> None:
    for end in (None, 3, 99):
        places = [
            find(each, b"ab", start, end) for each in (Reader.of(data), reading(data))
        ]
        assert places[0] == places[1] == data.find(b"ab", start, end or len(data))
