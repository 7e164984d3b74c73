"""Behaviour of the compiled decoder of blocks: what the one in Python says."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.installers import block_sorted

from clearward.core.errors import Malformed
from clearward.core.reader import CHUNK, Reader
from clearward.formats.lz import blocksort, blocksorted

if blocksorted.COMPILED is None:
    pytest.skip("not compiled here", allow_module_level=True)

Expand = Callable[[Reader, str], Iterator[bytes]]
TEXT = b"".join(b"the %d of %d, " % (n, n * n % 97) for n in range(40))


def outcome(expand: Expand, data: bytes) -> tuple[bytes, str]:
    output = b""
    try:
        for piece in expand(Reader.of(data), "test"):
            output += piece
    except Malformed as error:
        return output, f"{type(error).__name__} {error}"
    return output, ""


def agree(data: bytes) -> None:
    assert outcome(blocksorted.expand, data) == outcome(blocksort.expand, data)


@given(st.lists(st.tuples(st.binary(max_size=20), st.integers(1, 300)), max_size=9))
def test_what_was_packed_comes_back(runs: list[tuple[bytes, int]]) -> None:
    data = b"".join(piece * count for piece, count in runs)
    assert outcome(blocksorted.expand, block_sorted(data)) == (data, "")


def test_several_blocks_come_back() -> None:
    data = b"".join(b"%d," % (each * each) for each in range(90_000))
    assert outcome(blocksorted.expand, block_sorted(data, level=1)) == (data, "")


def test_long_runs_come_in_bounded_pieces() -> None:
    packed = block_sorted(bytes(5_000_000))
    pieces = list(blocksorted.expand(Reader.of(packed), "test"))
    assert sum(map(len, pieces)) == 5_000_000
    assert max(map(len, pieces)) <= CHUNK


@pytest.mark.parametrize("window", [1, 60, 500, 20_000])
def test_blocks_come_back_through_a_window(
    monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    monkeypatch.setattr(blocksorted, "WINDOW", window)
    data = b"".join(b"%d," % (each * each) for each in range(30_000))
    packed = block_sorted(TEXT) if window < 1000 else block_sorted(data, level=1)
    agree(packed)
    agree(packed[:-9])
    agree(b"2" + packed)


def test_a_stream_that_ends_early_says_so_as_the_other_does() -> None:
    whole = block_sorted(TEXT)
    for size in range(len(whole)):
        agree(whole[:size])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_the_same(data: bytes) -> None:
    agree(b"1" + data)


@settings(deadline=None, max_examples=40)
@given(st.integers(0), st.integers(0, 7))
def test_a_changed_bit_gives_the_same(place: int, bit: int) -> None:
    data = bytearray(block_sorted(TEXT))
    data[place % len(data)] ^= 1 << bit
    agree(bytes(data))


def test_without_the_compiled_decoder_the_other_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocksorted, "COMPILED", None)
    assert outcome(blocksorted.expand, block_sorted(TEXT)) == (TEXT, "")
