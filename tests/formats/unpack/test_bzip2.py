"""Behaviour of the bzip2 reader."""

import bz2
import shutil
import subprocess
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random, named, passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Forward, Stream
from clearward.formats.unpack import bzip2

WAYS = pytest.mark.parametrize("way", [at_random, passing_by])
CONTENT = bytes(range(256)) * 9


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


def checksum(data: bytes) -> int:
    """bzip2's CRC-32: most significant bit first."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc >> 31 else 0)) & 0xFFFFFFFF
    return crc ^ 0xFFFFFFFF


def randomised(content: bytes) -> bytes:
    """A stream as bzip2 before 0.9.5 wrote it for repetitive data.

    Before sorting, bytes at places from a table are flipped; the first is 617. The
    content must be short enough for no second one, and without runs of four.
    """
    flipped = bytearray(content)
    flipped[617] ^= 1
    packed = bz2.compress(bytes(flipped))
    bits = f"{int.from_bytes(packed):0{len(packed) * 8}b}"
    crc = f"{checksum(content):032b}"
    end = f"{0x177245385090:048b}"
    place = bits.rindex(end) + len(end)
    bits = bits[:80] + crc + "1" + bits[113:place] + crc + bits[place + 32 :]
    return int(bits, 2).to_bytes(len(packed))


@given(st.lists(st.binary(max_size=99), min_size=1, max_size=4), st.integers(1, 60))
def test_streams_are_joined(streams: list[bytes], piece: int) -> None:
    data = b"".join(map(bz2.compress, streams))
    assert named(bzip2.unpack(passing_by(data, piece))) == [(b"", b"".join(streams))]


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (bz2.compress(b"x"), True),
        (bz2.compress(b"", 1), True),
        (b"BZh9", True),
        (b"BZh91AY", True),
        (b"BZh0" + bz2.compress(b"x")[4:], False),
        (b"BZhello", False),
        (b"BZh91 words", False),
        (b"BZh", False),
    ],
)
def test_the_first_mark_must_follow_the_magic(head: bytes, *, answer: bool) -> None:
    assert bzip2.recognises(head, None) is answer  # type: ignore[arg-type]


@WAYS
@pytest.mark.parametrize("behind", [b"PK", b"\0\0\0", b"BZh9 is a magic"])
def test_what_lies_behind_the_last_stream_is_a_part(
    behind: bytes, way: type[Forward]
) -> None:
    found = named(bzip2.unpack(way(bz2.compress(b"x") + behind)))  # type: ignore[call-arg]
    assert found == [(b"", b"x"), (b"trailing", behind)]


def test_randomised_blocks_are_read() -> None:
    content = (bytes(range(256)) * 3)[:700]
    assert named(bzip2.unpack(at_random(randomised(content)))) == [(b"", content)]


def test_blocks_before_a_damaged_one_are_given() -> None:
    content = b"".join(n.to_bytes(4) for n in range(60_000))
    packed = bytearray(bz2.compress(content, 1))
    packed[-500] ^= 0xFF
    found, error = opened(bzip2.unpack(passing_by(bytes(packed))))
    assert found[0][:199_000] == content[:199_000]
    assert type(error) is Malformed


@given(st.data())
def test_a_cut_file_gives_a_prefix_and_is_truncated(draw: st.DataObject) -> None:
    data = bz2.compress(CONTENT[:200])
    cut = data[: draw.draw(st.integers(4, len(data) - 1))]
    found, error = opened(bzip2.unpack(passing_by(cut, 5)))
    assert CONTENT.startswith(found[0])
    assert isinstance(error, Truncated)


@pytest.mark.parametrize("level", "19")
def test_what_the_tool_writes_comes_back(level: str) -> None:
    if shutil.which("bzip2") is None:
        pytest.skip("bzip2 is not installed")
    content = b"".join(n.to_bytes(4) for n in range(100_000))
    command = ["bzip2", f"-{level}c"]
    packed = subprocess.run(command, input=content, capture_output=True, check=True)
    assert named(bzip2.unpack(at_random(packed.stdout))) == [(b"", content)]


@given(st.binary(max_size=300), st.integers(1, 99))
def test_arbitrary_bytes_give_the_same_however_they_are_split(
    data: bytes, piece: int
) -> None:
    data = b"BZh11AY&SY" + data
    found, error = opened(bzip2.unpack(passing_by(data)))
    again, same = opened(bzip2.unpack(passing_by(data, piece)))
    assert found == again
    assert type(error) is type(same)
    assert error is None or 0 <= error.offset <= len(data)
