"""Behaviour of a source that takes bytes back."""

from hypothesis import given
from hypothesis import strategies as st
from support.parts import WAYS, Way, at_random, passing_by, read

from clearward.core.reader import Stream
from clearward.formats.rewind import Rewind


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_what_is_given_back_is_taken_again(steps: list[tuple[int, int]]) -> None:
    data = bytes(range(100))
    for forward in (at_random(data), passing_by(data, 3)):
        source = Rewind(forward)
        at = 0
        for ahead, back in steps:
            taken = source.take(ahead)
            assert taken == data[at : at + ahead]
            returned = taken[max(len(taken) - back, 0) :]
            source.give_back(returned)
            at += len(taken) - len(returned)
            assert source.offset == at


@WAYS
def test_a_part_begins_with_what_was_given_back(way: Way) -> None:
    source = Rewind(way(b"abcdefgh"))
    source.give_back(source.take(3))
    assert read(source.part(5)) == b"abcde"
    assert (source.offset, source.take(9)) == (5, b"fgh")


def test_a_part_that_is_read_halfway_is_passed_over() -> None:
    source = Rewind(passing_by(b"abcdefgh", 2))
    content = source.part(5)
    assert isinstance(content, Stream)
    assert content.take(1) == b"a"
    assert source.reach(6)
    assert source.take(9) == b"gh"


@WAYS
def test_a_part_that_is_not_read_is_passed_over(way: Way) -> None:
    source = Rewind(way(b"abcdefgh"))
    source.give_back(source.take(3))
    source.part(5)
    assert source.reach(5)
    assert source.take(9) == b"fgh"
    assert not source.reach(9)


@WAYS
def test_bytes_given_back_are_skipped_like_others(way: Way) -> None:
    source = Rewind(way(b"abcdefgh"))
    source.give_back(source.take(3))
    assert source.skip(2) == 2
    assert source.skip(99) == 6
