"""Behaviour of XPRESS with Huffman codes: examples of its own, and damage."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.errors import Malformed, Truncated
from clearward.formats.lz import xpress


def flat(*symbols: tuple[int, int]) -> bytes:
    """A table in which symbols have words of given lengths."""
    lengths = [0] * 512
    for symbol, length in symbols:
        lengths[symbol] = length
    return bytes(lengths[n] | lengths[n + 1] << 4 for n in range(0, 512, 2))


def words(bits: str) -> bytes:
    bits = bits.ljust(-(-len(bits) // 16) * 16, "0")
    return b"".join(
        int(bits[n : n + 16], 2).to_bytes(2, "little") for n in range(0, len(bits), 16)
    )


# Words in the order of symbols: "a" 00, "b" 01, a match of 3 from 1 back 10, and a long
# match from 2 or 3 back 11.
TABLE = flat((97, 2), (98, 2), (256, 2), (256 + 16 + 15, 2))


def decoded(data: bytes, size: int) -> bytes:
    return b"".join(xpress.chunk(data, "wim", size))


def test_bytes_and_matches_come_back() -> None:
    data = TABLE + words("000110") + bytes(2)
    assert decoded(data, 5) == b"abbbb"


@pytest.mark.parametrize(
    ("more", "length"),
    [
        (b"\0", 18),
        (b"\x21", 51),
        (b"\xff\x2c\x01", 303),
        (b"\xff\0\0\x10\x27\0\0", 10003),
    ],
)
def test_a_long_match_has_its_length_behind_the_words(more: bytes, length: int) -> None:
    data = TABLE + words("0001110") + bytes(2) + more + bytes(4)
    assert decoded(data, 2 + length) == (b"ab" * (length + 2))[: length + 2]


def test_a_chunk_that_ends_early_gives_what_there_is() -> None:
    chunks = xpress.chunk(TABLE + words("0001"), "wim", 99)
    assert next(chunks).startswith(b"ab")
    with pytest.raises(Truncated):
        next(chunks)
    with pytest.raises(Truncated):
        decoded(TABLE[:99], 9)


def test_a_match_before_the_start_is_refused() -> None:
    with pytest.raises(Malformed, match="distance"):
        decoded(TABLE + words("10") + bytes(4), 9)


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(1, 500))
def test_arbitrary_bytes_give_output_or_an_error(data: bytes, size: int) -> None:
    for table in (TABLE, b""):
        found = b""
        try:
            for piece in xpress.chunk(table + data, "wim", size):
                found += piece
        except Malformed:
            continue
        assert len(found) == size
