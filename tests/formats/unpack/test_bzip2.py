"""Behaviour of the bzip2 reader."""

import bz2

import pytest
from support.parts import at_random, named, passing_by
from support.streams import opened

from clearward.core.errors import Malformed
from clearward.formats.unpack import bzip2


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
