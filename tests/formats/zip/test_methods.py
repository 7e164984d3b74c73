"""Behaviour of the decompressors."""

import lzma
from struct import pack
from zlib import crc32

import pytest
from backports import zstd
from formats.zip.test_build import PACK, lzma_packed
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.limits import MIB
from clearward.formats.decompressor import Decompressor
from clearward.formats.deflate64 import STEP
from clearward.formats.zip.methods import (
    ERRORS,
    METHODS,
    MOST_MEMORY,
    TooLarge,
)

EVERY = pytest.mark.parametrize("number", sorted(METHODS))
ZEROS = bytes(3 * MIB)
MOST = 4096


def opened(number: int, packed: bytes, size: int | None) -> tuple[Decompressor, bytes]:
    """The decompressor, and what it has to be fed."""
    method = METHODS[number]
    header, rest = packed[: method.header], packed[method.header :]
    return method.make(header, size), rest


def unpacked(number: int, packed: bytes, size: int | None = None) -> list[bytes]:
    decompressor, data = opened(number, packed, size)
    pieces: list[bytes] = []
    while not decompressor.eof:
        if not data and decompressor.needs_input:
            return pieces
        pieces.append(decompressor.decompress(data, MOST))
        data = b""
    return pieces


@EVERY
@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=300))
def test_content_comes_back(number: int, content: bytes) -> None:
    packed = PACK[number](content)
    assert b"".join(unpacked(number, packed)) == content
    assert b"".join(unpacked(number, packed, len(content))) == content


@EVERY
def test_output_is_bounded_however_small_the_input(number: int) -> None:
    packed = PACK[number](ZEROS)
    pieces = unpacked(number, packed)
    most = MOST if number != 9 else 30_000 * STEP
    assert sum(map(len, pieces)) == len(ZEROS)
    assert max(map(len, pieces)) <= most


@EVERY
@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=200))
def test_arbitrary_bytes_give_output_or_a_named_error(number: int, data: bytes) -> None:
    try:
        unpacked(number, PACK[number](b"content")[:14] + data)
        unpacked(number, data, 1000)
    except (*ERRORS, TooLarge):
        pass


@pytest.mark.parametrize("number", [8, 12, 14, 93, 95])
def test_what_lies_behind_a_stream_is_not_used(number: int) -> None:
    decompressor, data = opened(number, PACK[number](b"content") + b"behind", None)
    assert decompressor.decompress(data, MOST) == b"content"
    assert decompressor.eof
    assert decompressor.unused_data == b"behind"


def test_what_lies_behind_deflate64_is_not_used_but_for_a_step() -> None:
    decompressor, data = opened(9, PACK[9](b"content") + bytes(2 * STEP), None)
    assert decompressor.decompress(data, MOST) == b"content"
    assert decompressor.eof
    assert len(decompressor.unused_data) > STEP


def test_lzma_without_an_end_mark_ends_at_its_size() -> None:
    content = b"content" * 9
    alone = lzma.compress(content, lzma.FORMAT_ALONE)
    properties, stream = alone[:5], alone[13:]
    packed = pack("<BBH", 9, 20, 5) + properties + stream
    assert b"".join(unpacked(14, packed, 20)) == content[:20]


def test_a_dictionary_beyond_the_limit_is_refused() -> None:
    packed = lzma_packed(b"content", MOST_MEMORY + 1)
    with pytest.raises(TooLarge):
        unpacked(14, packed)


def test_a_dictionary_larger_than_the_content_is_not_needed() -> None:
    packed = lzma_packed(b"content", 0xFFFFFFFF)
    assert unpacked(14, packed, 7) == [b"content"]


def test_a_window_beyond_the_limit_is_refused() -> None:
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 27}
    compressor = zstd.ZstdCompressor(options=options)
    packed = compressor.compress(b"content") + compressor.flush()
    with pytest.raises(zstd.ZstdError, match="memory"):
        unpacked(93, packed)


def test_an_xz_dictionary_beyond_the_limit_is_refused() -> None:
    packed = lzma.compress(b"content", preset=0)
    block = bytearray(packed[12:24])  # behind the stream header
    assert block[2:4] == b"\x21\x01"  # LZMA2, with one byte of properties
    block[4] = 35  # 96 MiB (xz file format, section 5.3.1)
    block[8:12] = pack("<L", crc32(block[:8]))
    with pytest.raises(lzma.LZMAError, match="Memory"):
        unpacked(95, packed[:12] + bytes(block) + packed[24:])


@pytest.mark.parametrize("header", [b"", bytes(9), pack("<BBHBL", 9, 20, 5, 255, 1)])
def test_wrong_lzma_properties_are_an_error(header: bytes) -> None:
    with pytest.raises(ERRORS):
        METHODS[14].make(header, None)
