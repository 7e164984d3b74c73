"""Behaviour of the decoder of bzip2's blocks without checksums."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.installers import block_sorted

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import CHUNK, Reader
from clearward.formats.lz import blocksort


def expanded(data: bytes) -> bytes:
    return b"".join(blocksort.expand(Reader.of(data), "test"))


@given(st.lists(st.tuples(st.binary(max_size=20), st.integers(1, 300)), max_size=9))
def test_what_was_packed_comes_back(runs: list[tuple[bytes, int]]) -> None:
    data = b"".join(piece * count for piece, count in runs)
    assert expanded(block_sorted(data)) == data


def test_several_blocks_come_back() -> None:
    data = b"".join(b"%d," % (each * each) for each in range(30_000))
    assert expanded(block_sorted(data, level=1)) == data


def test_long_runs_come_in_bounded_pieces() -> None:
    pieces = list(blocksort.expand(Reader.of(block_sorted(bytes(5_000_000))), "test"))
    assert sum(map(len, pieces)) == 5_000_000
    assert max(map(len, pieces)) <= 2 * CHUNK


def test_a_stream_that_ends_early_is_truncated() -> None:
    whole = block_sorted(b"content " * 99)
    for size in range(len(whole) - 1):
        with pytest.raises(Truncated):
            expanded(whole[:size])


def test_a_wrong_mark_is_damage() -> None:
    with pytest.raises(Malformed, match="mark"):
        expanded(b"2")


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_bytes_or_an_error(data: bytes) -> None:
    with suppress(Malformed):
        expanded(b"1" + data)


@settings(deadline=None, max_examples=30)  # a run of 900,000 bytes is put in order
@given(st.integers(0), st.binary(min_size=1, max_size=4))
def test_damage_gives_bytes_or_an_error(place: int, noise: bytes) -> None:
    data = bytearray(block_sorted(b"some content, some content " * 20))
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        expanded(bytes(data))
