"""Behaviour of the xz reader."""

import lzma
import shutil
import subprocess
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random, named, passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Forward, Stream
from clearward.core.reasons import Reason
from clearward.formats.inflate import INPUT
from clearward.formats.unpack import xz

WAYS = pytest.mark.parametrize("way", [at_random, passing_by])
CONTENT = bytes(range(256)) * 9
NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(16_000))
LZMA2 = {"id": lzma.FILTER_LZMA2, "dict_size": 4096}
LARGEST = 40  # property of a dictionary of 4 GiB - 1


def opened(items: Iterable[Item]) -> tuple[list[bytes], Malformed | None]:
    """What each part gave, and what ended it."""
    found: list[bytes] = []
    try:
        for item in items:
            assert isinstance(item, Part)
            assert isinstance(item.content, Stream)
            found.append(b"")
            for chunk in item.content.rest():
                found[-1] += chunk
    except Malformed as error:
        return found, error
    return found, None


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


@given(
    st.lists(st.binary(max_size=99), min_size=1, max_size=4),
    st.integers(0, 3),
    st.integers(1, 60),
)
def test_streams_are_joined_over_their_padding(
    streams: list[bytes], padding: int, piece: int
) -> None:
    data = bytes(padding * 4).join(lzma.compress(one, preset=0) for one in streams)
    found = named(xz.unpack(passing_by(data + bytes(padding * 4), piece)))
    assert found == [(b"", b"".join(streams))]


@WAYS
def test_what_lies_behind_the_last_stream_is_a_part(way: type[Forward]) -> None:
    data = lzma.compress(b"x") + bytes(8) + b"PK"
    found = named(xz.unpack(way(data)))  # type: ignore[call-arg]
    assert found == [(b"", b"x"), (b"trailing", b"PK")]


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
    found, error = opened(xz.unpack(at_random_stream(bytes(data))))
    assert found == [b""]
    assert error is not None
    assert error.reason is Reason.UNSUPPORTED


def at_random_stream(data: bytes) -> Forward:
    return passing_by(data, len(data))


@pytest.mark.parametrize(
    "place", [-1, -10, -20, -28], ids=["magic", "footer", "index", "check"]
)
def test_damage_behind_the_content_keeps_every_byte(place: int) -> None:
    data = bytearray(lzma.compress(NOISE))
    data[place] ^= 1
    found, error = opened(xz.unpack(passing_by(bytes(data) + b"behind")))
    assert found == [NOISE]
    assert type(error) is Malformed


@given(st.data())
def test_a_cut_file_gives_a_prefix_and_is_truncated(draw: st.DataObject) -> None:
    data = lzma.compress(CONTENT[:200], preset=0)
    cut = data[: draw.draw(st.integers(6, len(data) - 1))]
    found, error = opened(xz.unpack(passing_by(cut, 5)))
    assert CONTENT.startswith(found[0])
    assert isinstance(error, Truncated)


@pytest.mark.parametrize(
    "options", ["-0", "-6e", "-T2 --block-size=65536", "-9 -Csha256"]
)
def test_what_the_tool_writes_comes_back(options: str) -> None:
    if shutil.which("xz") is None:
        pytest.skip("xz is not installed")
    content = NOISE * 3
    command = ["xz", "-c", *options.split()]
    packed = subprocess.run(command, input=content, capture_output=True, check=True)
    assert named(xz.unpack(at_random(packed.stdout))) == [(b"", content)]


@given(st.binary(max_size=300), st.integers(1, 99), st.integers(0, 30))
def test_arbitrary_bytes_give_the_same_however_they_are_split(
    data: bytes, piece: int, kept: int
) -> None:
    data = lzma.compress(b"xyz", preset=0)[: 6 + kept] + data
    found, error = opened(xz.unpack(passing_by(data)))
    again, same = opened(xz.unpack(passing_by(data, piece)))
    assert found == again
    assert type(error) is type(same)
    assert error is None or 0 <= error.offset <= len(data)
