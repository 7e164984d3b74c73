"""Behaviour of LZX, by streams that are put together bit by bit."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.lz import lzx

FRAME = lzx.FRAME


class Stream:
    """Bits of words, the high ones first."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, value: int, count: int) -> "Stream":
        self.text += f"{value:0{count}b}" if count else ""
        return self

    def align(self) -> "Stream":
        self.text += "0" * (-len(self.text) % 16)
        return self

    def raw(self, data: bytes) -> "Stream":
        for byte in lzx.swapped(data):
            self.put(byte, 8)
        return self

    def data(self) -> bytes:
        self.align()
        data = int("1" + self.text, 2).to_bytes(len(self.text) // 8 + 1)
        return lzx.swapped(data[1:])


def stored(stream: Stream, data: bytes, *, recent: int = 1) -> None:
    stream.put(3, 3).put(len(data), 24)
    stream.align() if len(stream.text) % 16 else stream.put(0, 16)
    stream.raw(recent.to_bytes(4, "little") * 3).raw(data)


def lengths(stream: Stream, differences: list[int]) -> None:
    """Lengths of words by a code in which each difference has five bits."""
    for symbol in range(20):
        stream.put(5, 4)
        assert symbol < 32
    for difference in differences:
        stream.put(difference, 5)


def verbatim(stream: Stream, size: int, *, aligned: bool = False) -> None:
    """A block whose main code has nine bits for each of 496 symbols."""
    stream.put(2 if aligned else 1, 3).put(size, 24)
    for _ in range(8 * aligned):
        stream.put(3, 3)
    lengths(stream, [17 - 9] * 256)
    lengths(stream, [17 - 9] * 240)
    lengths(stream, [17 - 8] * 249)


def expanded(data: bytes, size: int, reset: int = 0) -> bytes:
    return b"".join(lzx.expand(Reader.of(data), "x", 15, size, reset))


def test_a_stored_block_is_as_it_is() -> None:
    stream = Stream().put(0, 1)
    stored(stream, b"content")
    stored(stream, b"more")
    assert expanded(stream.data(), 11) == b"contentmore"


@pytest.mark.parametrize("aligned", [False, True])
def test_bytes_and_matches_are_unpacked(aligned: bool) -> None:  # noqa: FBT001
    stream = Stream().put(0, 1)
    verbatim(stream, 3 + 4 + 9 + 2 + 300, aligned=aligned)
    for byte in b"abc":
        stream.put(byte, 9)
    stream.put(256 + 8 * 4 + 2, 9).put(0, 1)  # slot 4: distance 2 + 1 bit, length 4
    stream.put(256 + 7, 9).put(0, 8)  # the last distance again, length 9
    stream.put(256 + 8 * 2, 9)  # the third of the last distances: 1
    # slot 8: distance 14 + 3 bits, which are all the low ones that have a code
    stream.put(256 + 8 * 8 + 7, 9).put(0, 8).put(1, 3)
    wanted = bytearray(b"abc")
    for distance, length in ((2, 4), (2, 9), (1, 2), (15, 9)):
        for _ in range(length):
            wanted.append(wanted[-distance])
    size = len(wanted)
    assert expanded(stream.data(), size) == bytes(wanted)


def test_everything_begins_anew_where_it_is_told_to() -> None:
    stream = Stream()
    for _ in range(2):
        stream.put(0, 1)
        stored(stream, b"ab" * (FRAME // 2))
    assert expanded(stream.data(), 2 * FRAME, 1) == b"ab" * FRAME


def test_calls_are_translated_back() -> None:
    stream = Stream().put(1, 1).put(0, 16).put(1000, 16)
    program = bytes(10) + b"\xe8" + (100).to_bytes(4, "little") + bytes(20)
    stored(stream, program + b"x")
    wanted = bytes(10) + b"\xe8" + (90).to_bytes(4, "little") + bytes(20) + b"x"
    assert expanded(stream.data(), len(wanted)) == wanted


def test_what_stands_before_damage_is_given_first() -> None:
    stream = Stream().put(0, 1)
    verbatim(stream, 100)
    stream.put(97, 9).put(98, 9).put(511, 9)
    pieces: list[bytes] = []
    with pytest.raises(Malformed):
        pieces.extend(lzx.expand(Reader.of(stream.data()), "x", 15, 100))
    assert pieces == [b"ab"]


@given(st.binary(max_size=300), st.integers(0, 3))
def test_arbitrary_bytes_give_content_or_an_error(data: bytes, kind: int) -> None:
    stream = Stream().put(0, 1)
    verbatim(stream, 5000, aligned=bool(kind & 1))
    for each in (data, stream.data()[:-2] + data):
        with suppress(Malformed):
            assert len(expanded(each, 1000, kind)) <= 1000
