"""Behaviour of the xz reader."""

import lzma
import zlib

import pytest
from support.parts import at_random, named, passing_by
from support.streams import CONTENT, NOISE, opened

from clearward.core.reasons import Reason
from clearward.formats.inflate import INPUT
from clearward.formats.unpack import xz

LZMA2 = {"id": lzma.FILTER_LZMA2, "dict_size": 4096}
LARGEST = 40  # property of a dictionary of 4 GiB - 1


def declaring(dictionary: int, content: bytes, *sizes: int) -> bytes:
    """A stream whose block header declares another dictionary than was used."""
    data = lzma.compress(content)
    header = bytearray(data[12 : 12 + (data[12] + 1) * 4])
    header[4] = dictionary
    if sizes:
        header[1] |= 0xC0
        header[2:2] = b"".join(bytes((n & 0x7F | 0x80, n >> 7)) for n in sizes)
        header = header[:-4].rstrip(b"\0")
        header += bytes(-len(header) % 4) + bytes(4)
        header[0] = len(header) // 4 - 1
    header[-4:] = zlib.crc32(header[:-4]).to_bytes(4, "little")
    return data[:12] + bytes(header) + data[12 + (data[12] + 1) * 4 :]


@pytest.mark.parametrize(
    "check", [lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256]
)
def test_every_check_is_known(check: int) -> None:
    data = lzma.compress(CONTENT, check=check)
    assert named(xz.unpack(at_random(data))) == [(b"", CONTENT)]


@pytest.mark.parametrize(
    "name", ["X86", "POWERPC", "IA64", "ARM", "ARMTHUMB", "SPARC", "DELTA"]
)
def test_every_filter_of_the_library_is_undone(name: str) -> None:
    filters = [{"id": getattr(lzma, f"FILTER_{name}")}, LZMA2]
    data = lzma.compress(NOISE, filters=filters)
    assert named(xz.unpack(at_random(data))) == [(b"", NOISE)]


def test_a_huge_dictionary_that_is_not_used_costs_nothing() -> None:
    data = declaring(LARGEST, NOISE)
    assert named(xz.unpack(at_random(data + data))) == [(b"", NOISE * 2)]


def test_the_dictionary_is_found_behind_sizes() -> None:
    packed = len(lzma.compress(CONTENT)) - 12 - 12 - 8 - 8 - 12
    data = declaring(LARGEST, CONTENT, packed, len(CONTENT))
    found, _ = opened(xz.unpack(passing_by(data)))
    assert found == [CONTENT]


def test_a_huge_dictionary_and_damage_is_memory_limit() -> None:
    data = bytearray(declaring(29, NOISE))
    data[len(data) // 2 :] = b"\xff" * 3 * INPUT
    found, error = opened(xz.unpack(passing_by(bytes(data))))
    assert NOISE.startswith(found[0][:30_000])
    assert len(found[0]) >= 30_000
    assert error is not None
    assert error.reason is Reason.MEMORY_LIMIT


def test_a_huge_dictionary_in_a_later_block_is_refused() -> None:
    # Two blocks are made of two streams: the first loses its index, the second its
    # header; both have a check and padding of their own.
    first, second = lzma.compress(b"one"), declaring(LARGEST, b"two")
    index = int.from_bytes(first[-8:-4], "little") * 4 + 4
    data = first[: -12 - index] + second[12:]
    found, error = opened(xz.unpack(passing_by(data)))
    assert found == [b"one"]
    assert error is not None
    assert error.reason is Reason.MEMORY_LIMIT


def test_an_unknown_filter_is_unsupported() -> None:
    data = bytearray(lzma.compress(b"x", filters=[{"id": lzma.FILTER_X86}, LZMA2]))
    header = data[12 : 12 + (data[12] + 1) * 4]
    header[2] = 0x3F
    header[-4:] = zlib.crc32(header[:-4]).to_bytes(4, "little")
    data[12 : 12 + len(header)] = header
    found, error = opened(xz.unpack(passing_by(bytes(data))))
    assert found == [b""]
    assert error is not None
    assert error.reason is Reason.UNSUPPORTED
