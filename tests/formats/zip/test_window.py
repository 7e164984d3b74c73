"""Behaviour of the window."""

import re
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.zip import window
from clearward.formats.zip.window import Window

DATA = st.lists(st.sampled_from([b"P", b"K", b"PK", b"."]), max_size=200).map(b"".join)
PLACE = st.integers(0, 250)
MAGIC = b"PKP"


@pytest.fixture(autouse=True)
def _small_blocks() -> object:
    with patch.object(window, "BLOCK", 8), patch.object(window, "STRETCH", 16):
        yield


def from_disk(data: bytes) -> Window:
    return Window(Reader(lambda at, size: data[at : at + size], len(data)))


@given(DATA, st.lists(st.tuples(PLACE, st.integers(0, 40)), max_size=9))
def test_reads_are_the_same_from_a_buffer_and_from_a_disk(
    data: bytes, reads: list[tuple[int, int]]
) -> None:
    held, lying = Window(Reader.of(data)), from_disk(data)
    for offset, size in reads:
        expected = data[offset : offset + size]
        assert held.at(offset, size) == lying.at(offset, size) == expected


@given(DATA, st.lists(st.tuples(PLACE, PLACE), max_size=9))
def test_searches_are_the_same_from_a_buffer_and_from_a_disk(
    data: bytes, searches: list[tuple[int, int]]
) -> None:
    held, lying = Window(Reader.of(data)), from_disk(data)
    for start, stop in searches:
        places = [
            at for at in range(start, stop) if data.startswith(MAGIC, at) and at >= 0
        ]
        pattern = re.compile(re.escape(MAGIC))
        first, last = min(places, default=-1), max(places, default=-1)
        assert held.search(pattern, start, stop) == first
        assert lying.search(pattern, start, stop) == first
        assert held.rfind(MAGIC, start, stop) == last
        assert lying.rfind(MAGIC, start, stop) == last


def test_there_is_nothing_before_the_start() -> None:
    assert Window(Reader.of(b"PK")).at(-2, 4) == b""
    assert from_disk(b"PK").at(-2, 4) == b""


def test_a_window_knows_whether_its_part_is_held() -> None:
    assert Window(Reader.of(b"")).held
    assert not from_disk(b"").held


def test_headers_that_lie_near_each_other_cost_one_read() -> None:
    reads = []

    def read(at: int, size: int) -> bytes:
        reads.append(at)
        return bytes(size)

    lying = Window(Reader(read, 100))
    for offset in range(8, 16):
        lying.at(offset, 4)
    for offset in range(32, 40):
        lying.rfind(b"PK", 32, offset)
    assert reads == [8, 32]
