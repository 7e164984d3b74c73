"""Behaviour of the decompressor for Brotli."""

import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.formats.inflate import Frames
from clearward.formats.seven.brotli import (
    BLOCK_MAGIC,
    BLOCK_MARK,
    Brotli,
    begin_brotli,
)

NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(9000))
CONTENT = NOISE + bytes(200_000) + NOISE


def block(data: bytes) -> bytes:
    """A frame as multithreaded encoders of Brotli write it."""
    packed = bytes(brotli.compress(data))
    hint = (len(data) >> 16).to_bytes(2, "little")
    size = len(packed).to_bytes(4, "little")
    return BLOCK_MAGIC + size + BLOCK_MARK + hint + packed


def until_damage(frames: Frames) -> tuple[bytes, Malformed | None]:
    output = b""
    try:
        for chunk in frames:
            output += chunk
    except Malformed as error:
        return output, error
    return output, None


def unbrotlied(data: bytes, piece: int = 10**6) -> tuple[bytes, Malformed | None]:
    source = passing_by(data, piece)
    errors = (ValueError,)
    return until_damage(Frames("x", source, begin_brotli, errors=errors))


@pytest.mark.parametrize("piece", [7, 10**6])
def test_brotli_comes_back(piece: int) -> None:
    assert unbrotlied(brotli.compress(CONTENT), piece) == (CONTENT, None)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4), st.integers(1, 60))
def test_blocks_of_brotli_are_joined(blocks: list[bytes], piece: int) -> None:
    data = b"".join(map(block, blocks))
    assert unbrotlied(data, piece) == (b"".join(blocks), None)


def test_brotli_gives_bounded_pieces() -> None:
    stream = Brotli()
    packed = bytes(brotli.compress(bytes(10**7)))
    assert len(stream.decompress(packed, 1000)) < 100_000
    assert not stream.needs_input


def test_a_block_of_brotli_that_ends_early_is_damage() -> None:
    data = bytearray(block(NOISE))
    data[8:12] = (100).to_bytes(4, "little")
    output, error = unbrotlied(bytes(data))
    assert NOISE.startswith(output)
    assert type(error) is Malformed


def test_a_cut_brotli_stream_gives_a_prefix() -> None:
    output, error = unbrotlied(brotli.compress(CONTENT)[:-5000])
    assert CONTENT.startswith(output)
    assert isinstance(error, Truncated)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_output_or_an_error(data: bytes) -> None:
    for _, error in (unbrotlied(data), unbrotlied(block(b"x") + data)):
        assert error is None or 0 <= error.offset <= len(data) + 100
