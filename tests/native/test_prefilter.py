"""Prefilters: every anchor is found, and broken tables are refused."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.image import prefilter

from clearward.native.errors import BadImage
from clearward.native.layout import PREFILTER
from clearward.native.prefilter import Prefilter, read_prefilter

letters = st.sampled_from(b"abc\0")
anchors = st.lists(letters, min_size=4, max_size=8).map(bytes)
few = st.lists(letters, min_size=2, max_size=3).map(bytes)


def read(laid: tuple[bytes, int], signatures: int = 99) -> Prefilter:
    data, count = laid
    return read_prefilter(memoryview(data), count, signatures)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(anchors, max_size=5),
    st.lists(few, max_size=3),
    st.lists(letters, max_size=20).map(bytes),
    st.sampled_from([1, 2, 4]),
)
def test_a_signature_is_a_candidate_if_an_anchor_of_it_occurs(
    longs: list[bytes], shorts: list[bytes], data: bytes, stride: int
) -> None:
    made = read(
        prefilter(
            [(one, at) for at, one in enumerate(longs)],
            [(one, 50 + at) for at, one in enumerate(shorts)],
            stride=stride,
        )
    )
    padded = data + bytes(8)
    expected = {
        at
        for at, one in enumerate(longs)
        if any(
            padded.startswith(one, place) for place in range(0, len(data) - 3, stride)
        )
    } | {
        50 + at
        for at, one in enumerate(shorts)
        if any(padded.startswith(one, place) for place in range(len(data) - 1))
    }
    assert made.candidates(data) == expected


LONGS = [(b"abcd", 1), (b"wxyz12", 2)]
SHORTS = [(b"ab", 3), (b"cde", 4)]
WHOLE, COUNT = prefilter(LONGS, SHORTS)
ENTRIES = 16 + 128 + 17 * 4 + 4  # where the long ones begin


def patched(at: int, there: bytes) -> bytes:
    return WHOLE[:at] + there + WHOLE[at + len(there) :]


def head(*fields: int) -> bytes:
    return PREFILTER.pack(*fields) + WHOLE[16:]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (head(9, 4, 1, 2), "bitmap"),
        (head(25, 4, 1, 2), "bitmap"),
        (head(10, 3, 1, 2), "buckets"),
        (head(10, 25, 1, 2), "buckets"),
        (head(10, 4, 3, 2), "stride"),
        (head(10, 4, 1, 0), "too long"),
        (head(10, 4, 1, 3), "bucket"),
        (head(10, 4, 1, 2**32 - 1), "bucket"),
        (patched(16, bytes(128)), "bitmap"),
        (patched(16 + 128, struct.pack("<I", 1)), "bucket"),
        (patched(16 + 128 + 4, b"\xff"), "bucket"),
        (patched(ENTRIES - 1, b"\1"), "padding"),
        (patched(ENTRIES, b"zzzz"), "bucket"),
        (patched(ENTRIES + 4, struct.pack("<I", 99)), "signature"),
        (patched(ENTRIES + 16, b"\0"), "mask"),
        (WHOLE[:-8] + struct.pack("<IBB2x", 99, 0, 0), "signature"),
        (WHOLE[:-8] + struct.pack("<IBB2x", 1, 1, 2), "mask"),
        (WHOLE[:-1], "too early"),
        (WHOLE + b"\0", "too long"),
    ],
)
def test_a_broken_prefilter_is_refused(data: bytes, field: str) -> None:
    assert read((WHOLE, COUNT)).candidates(b"..abcd.wxyz12.cde") == {1, 2, 3, 4}
    with pytest.raises(BadImage, match=field):
        read((data, COUNT))


def test_the_count_is_that_of_long_entries() -> None:
    for count in (0, 1, 3, 2**60):
        with pytest.raises(BadImage):
            read((WHOLE, count))
