"""Behaviour of zip's PPMd, which libarchive decodes; the packer is a peer."""

import random
from contextlib import suppress
from struct import pack
from zlib import crc32

import pyppmd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import zip
from clearward.formats.zip import ppmd

RESTART, CUT = 0, 1


def packed(data: bytes, order: int = 6, memory: int = 1, way: int = RESTART) -> bytes:
    """A stream as zip has it; `memory` in MiB."""
    properties = (order - 1) | (memory - 1) << 4 | way << 12
    encoder = pyppmd.Ppmd8Encoder(order, memory * MIB, way)
    stream = encoder.encode(data) + encoder.flush()
    return properties.to_bytes(2, "little") + bytes(stream)


def expanded(stream: bytes, size: int) -> bytes:
    return b"".join(ppmd.expand(Reader.of(stream), size))


def noise(size: int) -> bytes:
    """Bytes that cannot be packed, the same each time."""
    return random.Random(4).randbytes(size)  # noqa: S311 - no secret


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=2000), st.integers(2, 16), st.sampled_from([RESTART, CUT]))
def test_bytes_come_back(data: bytes, order: int, way: int) -> None:
    stream = packed(data, order, way=way)
    assert expanded(stream, len(data)) == data


@pytest.mark.parametrize("way", [RESTART, CUT])
def test_a_model_that_is_full_goes_on_as_it_was_told(way: int) -> None:
    data = noise(400_000)
    assert expanded(packed(data, way=way), len(data)) == data


def test_a_member_of_a_zip_is_read() -> None:
    data = b"one line after another\n" * 999
    assert collect(zip.unpack(archive(packed(data), data))) == ([data], [], "")


def test_a_wrong_checksum_is_corrupt_behind_the_content() -> None:
    data = b"one line after another\n" * 999
    read = collect(zip.unpack(archive(packed(data), data, crc=1)))
    assert read == ([data], [Reason.CORRUPT], "")


def test_a_model_that_is_too_large_is_refused_before_it_is_made() -> None:
    stream = bytearray(packed(b"bytes"))
    stream[:2] = (5 | 64 << 4).to_bytes(2, "little")
    read = collect(zip.unpack(archive(bytes(stream), b"bytes")))
    assert read[1] == [Reason.MEMORY_LIMIT]


def test_a_stream_that_ends_early_is_damage() -> None:
    data = noise(400_000)
    stream = packed(data)[:-9]
    parts, gaps, _ = collect(zip.unpack(archive(stream, data)))
    assert parts == [data[: 256 * 1024]]
    assert gaps == [Reason.CORRUPT]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_bytes_or_an_error(data: bytes) -> None:
    for chunks in (ppmd.expand(Reader.of(b"\x05\x00" + data), 1000),):
        with suppress(Malformed):
            assert sum(map(len, chunks)) >= 0
    with suppress(Malformed, MemoryError):
        expanded(data, 1000)


def archive(stream: bytes, data: bytes, crc: int | None = None) -> Reader:
    """A zip of one member."""
    crc = crc32(data) if crc is None else crc
    fields = (63, 0, 98, 0, 0, crc, len(stream), len(data), 1, 0)
    local = pack("<4s5H3I2H", b"PK\3\4", *fields) + b"a" + stream
    central = pack("<4s6H3I5H2I", b"PK\1\2", 63, *fields, *(0,) * 5) + b"a"
    end = pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)
    return Reader.of(local + central + end)
