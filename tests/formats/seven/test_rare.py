"""Behaviour of decompressors that few archives need."""

import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inflate64 import Deflater
from support.parts import passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.formats.decompressor import Decompressor
from clearward.formats.inflate import Frames
from clearward.formats.seven import rare

NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(9000))
CONTENT = NOISE + bytes(200_000) + NOISE


def deflate64(data: bytes) -> bytes:
    packer = Deflater()
    return bytes(packer.deflate(data) + packer.flush())


def block(data: bytes) -> bytes:
    """A frame as multithreaded encoders of Brotli write it."""
    packed = bytes(brotli.compress(data))
    hint = (len(data) >> 16).to_bytes(2, "little")
    size = len(packed).to_bytes(4, "little")
    return rare.BLOCK_MAGIC + size + rare.BLOCK_MARK + hint + packed


def until_damage(frames: Frames) -> tuple[bytes, Malformed | None]:
    output = b""
    try:
        for chunk in frames:
            output += chunk
    except Malformed as error:
        return output, error
    return output, None


def inflated(data: bytes, piece: int = 10**6) -> tuple[bytes, Malformed | None]:
    def begin(head: bytes) -> Decompressor:  # noqa: ARG001
        return rare.Deflate64()

    source = passing_by(data, piece)
    return until_damage(Frames("x", source, begin, once=True, errors=(ValueError,)))


def unbrotlied(data: bytes, piece: int = 10**6) -> tuple[bytes, Malformed | None]:
    source = passing_by(data, piece)
    errors = (ValueError,)
    return until_damage(Frames("x", source, rare.begin_brotli, errors=errors))


@pytest.mark.parametrize("piece", [7, 10**6])
def test_deflate64_comes_back(piece: int) -> None:
    assert inflated(deflate64(CONTENT), piece) == (CONTENT, None)


def test_deflate64_gives_bounded_pieces() -> None:
    stream = rare.Deflate64()
    assert len(stream.decompress(deflate64(bytes(10**8)), 1)) < 20_000_000
    assert not stream.needs_input


def test_a_cut_deflate64_stream_gives_a_prefix() -> None:
    output, error = inflated(deflate64(CONTENT)[:-5000])
    assert CONTENT.startswith(output)
    assert isinstance(error, Truncated)


def test_damage_of_deflate64_keeps_what_comes_before() -> None:
    stored = (
        b"\0" + (9000).to_bytes(2, "little") + (9000 ^ 0xFFFF).to_bytes(2, "little")
    )
    output, error = inflated(stored + NOISE[:9000] + b"\6" + bytes(99))
    assert output == NOISE[:9000]
    assert type(error) is Malformed


@pytest.mark.parametrize("piece", [7, 10**6])
def test_brotli_comes_back(piece: int) -> None:
    assert unbrotlied(brotli.compress(CONTENT), piece) == (CONTENT, None)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4), st.integers(1, 60))
def test_blocks_of_brotli_are_joined(blocks: list[bytes], piece: int) -> None:
    data = b"".join(map(block, blocks))
    assert unbrotlied(data, piece) == (b"".join(blocks), None)


def test_brotli_gives_bounded_pieces() -> None:
    stream = rare.Brotli()
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
    for _, error in (inflated(data), unbrotlied(data), unbrotlied(block(b"x") + data)):
        assert error is None or 0 <= error.offset <= len(data) + 100
