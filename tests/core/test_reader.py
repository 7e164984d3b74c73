"""Behaviour of the ways to read bytes."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import read

from clearward.core.reader import CHUNK, Cursor, Forward, Reader, Stream

BYTES = st.binary(max_size=80)
SIZES = st.integers(0, 30)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), SIZES, st.just(0)),
        st.tuples(st.just("skip"), SIZES, st.just(0)),
        st.tuples(st.just("part"), SIZES, SIZES),
    ),
    max_size=12,
)
Steps = list[tuple[str, int, int]]


def cut(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    """The data in pieces that end at the given places; some may be empty."""
    places = [0, *sorted(min(place, len(data)) for place in cuts), len(data)]
    yield from (data[start:end] for start, end in pairwise(places))


def walked(forward: Forward, steps: Steps) -> list[bytes | int]:
    """What each step gives, and then the rest."""
    seen: list[bytes | int] = []
    for kind, size, read_of_it in steps:
        if kind == "take":
            seen.append(forward.take(size))
        elif kind == "skip":
            seen.append(forward.skip(size))
        else:
            part = forward.part(size)
            if isinstance(part, Reader):
                seen.append(part.at(0, read_of_it))
            else:
                seen.append(part.take(read_of_it))
    seen.append(b"".join(forward.rest()))
    return seen


def expected(data: bytes, steps: Steps) -> list[bytes | int]:
    """The same by slicing."""
    seen: list[bytes | int] = []
    for kind, size, read_of_it in steps:
        front, data = data[:size], data[size:]
        if kind == "skip":
            seen.append(len(front))
        else:
            seen.append(front if kind == "take" else front[:read_of_it])
    return [*seen, data]


@given(BYTES, st.lists(st.integers(0, 80), max_size=6), STEPS)
def test_a_cursor_and_a_stream_give_the_same_bytes_however_they_are_read(
    data: bytes, cuts: list[int], steps: Steps
) -> None:
    should_be = expected(data, steps)
    assert walked(Cursor(Reader.of(data)), steps) == should_be
    assert walked(Stream(cut(data, cuts)), steps) == should_be


@given(BYTES, st.lists(st.integers(0, 80), max_size=6), SIZES, SIZES, SIZES)
def test_what_is_left_unread_in_nested_parts_is_passed_over(
    data: bytes, cuts: list[int], outer: int, inner: int, taken: int
) -> None:
    stream = Stream(cut(data, cuts))
    part = stream.part(outer)
    assert part.part(inner).take(taken) == data[:outer][:inner][:taken]
    assert part.take(3) == data[:outer][inner:][:3]
    assert stream.take(1000) == data[outer:]


@given(BYTES, st.lists(st.integers(0, 80), max_size=6), SIZES, SIZES)
def test_the_tail_is_what_was_put_back_and_everything_behind_it(
    data: bytes, cuts: list[int], skipped: int, taken: int
) -> None:
    for forward in (Cursor(Reader.of(data)), Stream(cut(data, cuts))):
        forward.skip(skipped)
        tail = forward.tail(forward.take(taken))
        left = data[skipped:]
        assert (b"" if tail is None else read(tail)) == left
        assert (tail is None) == (not left)


@given(BYTES, SIZES)
def test_the_offset_tells_whether_a_part_ended_too_early(
    data: bytes, size: int
) -> None:
    for forward in (Cursor(Reader.of(data)), Stream(cut(data, [3, 5]))):
        read(forward.part(size))
        assert forward.offset == min(size, len(data))


def test_a_part_handed_out_before_ends_when_the_next_one_begins() -> None:
    stream = Stream(iter([b"first", b"second"]))
    first = stream.part(5)
    second = stream.part(6)
    assert first.take(5) == b""
    assert second.take(6) == b"second"


def test_damage_in_the_bytes_passes_through_and_what_came_before_stays_good() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"good"
        raise ValueError("bad")

    stream = Stream(chunks())
    part = stream.part(10)
    assert part.some(10) == b"good"
    with pytest.raises(ValueError, match="bad"):
        part.some(10)
    assert stream.offset == 4


def test_a_stream_gives_nothing_only_at_its_end() -> None:
    stream = Stream(iter([b"", b"a", b"", b"", b"b", b""]))
    assert [stream.some(5), stream.some(5), stream.some(5)] == [b"a", b"b", b""]


def test_no_piece_is_longer_than_a_chunk() -> None:
    stream = Stream(iter([bytes(3 * CHUNK + 1)]))
    assert [len(piece) for piece in stream.rest()] == [CHUNK, CHUNK, CHUNK, 1]


@pytest.mark.parametrize("size", [-1, -1000])
def test_a_negative_size_reads_nothing_and_moves_nothing(size: int) -> None:
    for forward in (Cursor(Reader.of(b"data")), Stream(iter([b"data"]))):
        assert forward.take(size) == b""
        assert forward.skip(size) == 0
        assert read(forward.part(size)) == b""
        assert forward.take(4) == b"data"


@given(BYTES, st.integers(-5, 100), st.integers(-5, 100))
def test_reading_at_random_never_reaches_outside(
    data: bytes, offset: int, size: int
) -> None:
    inside = data[offset : offset + size] if offset >= 0 and size > 0 else b""
    assert Reader.of(data).at(offset, size) == inside


@given(BYTES, st.integers(-2, 90), st.integers(-2, 90))
def test_a_slice_lies_inside_the_part_or_is_refused(
    data: bytes, offset: int, size: int
) -> None:
    reader = Reader.of(data)
    if offset < 0 or size < 0 or offset + size > len(data):
        with pytest.raises(ValueError):
            reader.slice(offset, size)
    else:
        inner = reader.slice(offset, size)
        assert inner.size == size
        assert inner.at(0, size + 10) == data[offset : offset + size]


def test_a_slice_of_a_slice_counts_from_its_own_start() -> None:
    assert Reader.of(b"0123456789").slice(2, 6).slice(1, 3).at(1, 9) == b"45"


def test_only_a_reader_over_a_buffer_holds_its_bytes() -> None:
    assert Reader.of(b"data").held == b"data"
    assert Reader(lambda _, size: bytes(size), 4).held is None


def test_chunks_are_the_whole_part_from_front_to_back() -> None:
    data = bytes(range(256)) * (CHUNK // 256 * 2) + b"end"
    chunks = list(Reader.of(data).chunks())
    assert b"".join(chunks) == data
    assert [len(chunk) for chunk in chunks] == [CHUNK, CHUNK, 3]


def test_a_file_that_shrinks_ends_early_and_does_not_loop() -> None:
    reader = Reader(lambda offset, size: b"only this"[offset : offset + size], 1 << 40)
    assert list(reader.chunks()) == [b"only this"]
    assert Cursor(reader).take(100) == b"only this"
