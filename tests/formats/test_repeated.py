"""Streams that repeat themselves give what they give without being remembered."""

import lzma

from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random
from support.parts import read as content_of

from clearward.core.errors import Malformed
from clearward.formats.decompressor import Decompressor
from clearward.formats.inflate import Frames
from clearward.formats.repeated import MOST_OUTPUT, Begin, Repeated


class Counting:
    """Begins streams of xz, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, head: bytes) -> Decompressor | None:
        if not head.startswith(b"\xfd7zXZ\0"):
            return None
        self.count += 1
        return lzma.LZMADecompressor(lzma.FORMAT_XZ)


def read(data: bytes, begin: Begin) -> tuple[list[bytes], bytes, str]:
    """What the streams hold, what lies behind them, and what is wrong."""
    frames = Frames("xz", at_random(data), begin, errors=(lzma.LZMAError,))
    found: list[bytes] = []
    try:
        found += frames
    except Malformed as error:
        return [b"".join(found)], b"", error.field
    tail = frames.tail()
    return [b"".join(found)], b"" if tail is None else content_of(tail), ""


def both(data: bytes) -> None:
    assert read(data, Repeated(Counting())) == read(data, Counting())


CONTENTS = st.sampled_from([b"", b"short", bytes(700_000), bytes(range(256)) * 2000])


@given(st.lists(st.tuples(CONTENTS, st.integers(1, 3)), max_size=3), st.binary())
def test_streams_give_what_they_give_one_by_one(
    streams: list[tuple[bytes, int]], behind: bytes
) -> None:
    both(b"".join(lzma.compress(content) * many for content, many in streams) + behind)


@given(st.integers(0, 400), st.integers(0, 255))
def test_damage_is_seen_where_it_is(place: int, byte: int) -> None:
    data = bytearray(lzma.compress(bytes(90_000)) * 3)
    data[place % len(data)] = byte
    both(bytes(data))


def test_a_stream_that_is_cut_is_not_the_one_before_it() -> None:
    one = lzma.compress(bytes(90_000))
    both(one + one[:-1])


def test_the_same_stream_is_decoded_once() -> None:
    begin = Counting()
    one = lzma.compress(bytes(8 * MOST_OUTPUT))
    content, _, _ = read(one * 20, Repeated(begin))
    assert len(content[0]) == 20 * 8 * MOST_OUTPUT
    assert begin.count == 1


def test_what_takes_much_memory_is_not_remembered() -> None:
    begin = Counting()
    content = b"".join(bytes([n]) * (MOST_OUTPUT // 3) for n in range(7))
    read(lzma.compress(content) * 3, Repeated(begin))
    assert begin.count == 3
