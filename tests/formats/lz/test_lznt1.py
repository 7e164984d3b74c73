"""Behaviour of LZNT1: an example, and damage."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.formats.lz import lznt1


def test_stored_chunks_are_as_they_stand() -> None:
    data = (4095).to_bytes(2, "little") + bytes(range(256)) * 16
    assert lznt1.unpacked(data, "ntfs", 9999) == bytes(range(256)) * 16


def test_a_match_may_reach_into_itself() -> None:
    data = (0xB000 | 3).to_bytes(2, "little") + b"\2a" + (4092).to_bytes(2, "little")
    assert lznt1.unpacked(data + bytes(2), "ntfs", 4096) == b"a" * 4096


def test_distances_take_more_bits_the_farther_a_chunk_has_come() -> None:
    plain = bytes(range(17))
    # Two groups of eight bytes, then one byte and a match of 3 from 17 back.
    packed = b"\0" + plain[:8] + b"\0" + plain[8:16] + b"\2" + plain[16:]
    packed += (16 << 11 | 0).to_bytes(2, "little")
    data = (0xB000 | len(packed) - 1).to_bytes(2, "little") + packed
    assert lznt1.unpacked(data, "ntfs", 20) == plain + plain[:3]


def test_a_match_before_the_chunk_is_refused() -> None:
    data = (0xB000 | 3).to_bytes(2, "little") + b"\2a" + b"\0\xf0"
    with pytest.raises(Malformed, match="distance"):
        lznt1.unpacked(data, "ntfs", 10)


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 9000))
def test_arbitrary_bytes_give_output_or_an_error(data: bytes, size: int) -> None:
    for front in (b"", b"\xff\xbf"):
        try:
            assert len(lznt1.unpacked(front + data, "ntfs", size)) <= size
        except Malformed:
            continue
