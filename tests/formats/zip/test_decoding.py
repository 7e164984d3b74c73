"""Behaviour of a member's content on its way out."""

from zlib import Z_SYNC_FLUSH, compressobj, crc32

import pytest
from formats.zip.test_build import PACK, lzma_packed
from hypothesis import given, settings
from hypothesis import strategies as st
from zlib_ng import zlib_ng

from clearward.core.reader import Reader
from clearward.formats.zip.claim import Claim
from clearward.formats.zip.decoding import Decoding, End
from clearward.formats.zip.methods import METHODS
from clearward.formats.zip.window import Window

CONTENT = b"the content of a member"
ENDING = pytest.mark.parametrize("method", [8, 12, 93, 95])


def decoding(
    data: bytes,
    packed: int | None = None,
    size: int | None = None,
    *,
    method: int = 8,
    lenient: bool = True,
) -> Decoding:
    window = Window(Reader.of(b"before" + data))
    claim = Claim(method, 0, (), packed, size)
    return Decoding(window, 6, claim, METHODS[method], lenient=lenient)


def unpacked(it: Decoding) -> bytes:
    return b"".join(it.chunks())


@ENDING
@pytest.mark.parametrize("known", [True, False])
def test_a_stream_ends_where_it_says(method: int, *, known: bool) -> None:
    data = PACK[method](CONTENT)
    it = decoding(data + b"behind", len(data) if known else None, method=method)
    assert unpacked(it) == CONTENT
    assert it.end is End.WHOLE
    assert it.position == 6 + len(data)
    assert (it.size, it.crc) == (len(CONTENT), crc32(CONTENT))


@ENDING
def test_a_stream_is_read_on_beyond_a_packed_size_that_is_too_small(
    method: int,
) -> None:
    data = PACK[method](CONTENT)
    it = decoding(data + b"behind", 5, method=method)
    assert unpacked(it) == CONTENT
    assert it.position == 6 + len(data)


def test_a_strict_reading_stops_at_the_packed_size() -> None:
    it = decoding(PACK[8](CONTENT), 5, lenient=False)
    unpacked(it)
    assert it.end is End.CUT


def test_lzma_is_not_read_beyond_its_packed_size() -> None:
    it = decoding(lzma_packed(CONTENT), 20, method=14)
    assert len(unpacked(it)) < len(CONTENT)
    assert it.end is End.CUT


@pytest.mark.parametrize("method", [12, 93, 95])
def test_streams_that_follow_each_other_are_joined(method: int) -> None:
    data = PACK[method](CONTENT) * 2
    assert unpacked(decoding(data + b"behind", len(data), method=method)) == CONTENT * 2


def test_nothing_is_read_until_it_is_asked_for() -> None:
    assert decoding(PACK[8](CONTENT)).end is End.OPEN


@pytest.mark.parametrize("size", [1, 5000, 300_000])
def test_damage_keeps_all_that_came_before(size: int) -> None:
    content = (bytes(range(256)) * (size // 256 + 1))[:size]
    deflate = compressobj(wbits=-15)
    data = deflate.compress(content) + deflate.flush(Z_SYNC_FLUSH)
    it = decoding(data + b"\x07")  # a block of a type that does not exist
    assert unpacked(it) == content
    assert it.end is End.DAMAGED
    assert (it.size, it.crc) == (size, crc32(content))


@ENDING
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_stream_that_is_cut_keeps_what_came_before(
    method: int, data: st.DataObject
) -> None:
    whole = PACK[method](CONTENT)
    cut = data.draw(st.integers(0, len(whole) - 1))
    it = decoding(whole[:cut], len(whole), method=method)
    assert CONTENT.startswith(unpacked(it))
    assert it.end is End.CUT


def test_output_that_waits_inside_is_not_lost_at_the_end() -> None:
    zeros = bytes(1 << 20)
    it = decoding(PACK[8](zeros)[:-1])
    pieces = list(it.attempt(4096))
    assert sum(map(len, pieces)) > len(zeros) - 4096
    assert max(map(len, pieces)) <= 4096


def test_too_much_memory_is_told_apart_from_damage() -> None:
    it = decoding(lzma_packed(CONTENT, 0xFFFFFFFF), method=14)
    assert unpacked(it) == b""
    assert it.end is End.MEMORY
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([(27 - 10) << 3]) + b"\x01\x00\x00"
    it = decoding(frame, method=93)
    assert unpacked(it) == b""
    assert it.end is End.MEMORY


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(METHODS)), st.binary(max_size=200))
def test_arbitrary_bytes_come_to_an_end(method: int, data: bytes) -> None:
    it = decoding(data, len(data), method=method)
    unpacked(it)
    assert it.end is not End.OPEN
    assert it.position <= 6 + len(data)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200).map(lambda seed: seed * 40 + bytes(range(256)) * 5),
    st.integers(0),
    st.integers(0, 255),
)
def test_deflate_gives_as_much_before_damage_as_byte_by_byte(
    content: bytes, place: int, byte: int
) -> None:
    data = bytearray(PACK[8](content))
    data[place % len(data)] = byte
    it = decoding(bytes(data), len(data))
    seen = unpacked(it)
    inflate = zlib_ng.decompressobj(-15)
    slowly = b""
    try:
        for one in bytes(data):
            slowly += inflate.decompress(bytes([one]))
    except zlib_ng.error:  # type: ignore[misc]  # so the stub says
        assert it.end is End.DAMAGED
    assert seen == slowly
