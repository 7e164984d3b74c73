"""What is unpacked at once is what the long way gives; all else is left to that."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.zip.claim import Claim
from clearward.formats.zip.small import MOST, inflated
from clearward.formats.zip.window import Window


def packed(content: bytes) -> bytes:
    raw = zlib.compressobj(wbits=-15)
    return raw.compress(content) + raw.flush()


def claim(content: bytes, length: int, *, size: int | None = -1) -> Claim:
    told = len(content) if size == -1 else size
    return Claim(8, 0, (zlib.crc32(content),), length, told)


def look(data: bytes, said: Claim) -> bytes | None:
    return inflated(Window(Reader.of(b"front" + data)), 5, said)


@given(st.binary(max_size=2000))
def test_a_member_that_is_what_its_header_says_is_unpacked(content: bytes) -> None:
    data = packed(content)
    assert look(data + b"behind", claim(content, len(data))) == content


@pytest.mark.parametrize("by", [-1, 1])
def test_a_wrong_length_is_left_to_the_long_way(by: int) -> None:
    data = packed(b"content")
    assert look(data + b"PK", claim(b"content", len(data) + by)) is None


@pytest.mark.parametrize("size", [None, 0, 6, 8, MOST + 1])
def test_a_wrong_size_is_left_to_the_long_way(size: int | None) -> None:
    data = packed(b"content")
    assert look(data, claim(b"content", len(data), size=size)) is None


def test_a_wrong_sum_is_left_to_the_long_way() -> None:
    data = packed(b"content")
    assert look(data, claim(b"others!", len(data))) is None


def test_a_bomb_gives_no_more_than_its_header_says() -> None:
    data = packed(bytes(10 * MOST))
    assert look(data, claim(b"", len(data), size=10)) is None


@given(st.binary(max_size=200), st.integers(0, 300), st.integers(0, 300))
def test_arbitrary_bytes_never_raise(data: bytes, length: int, size: int) -> None:
    content = look(data, Claim(8, 0, (), length, size))
    assert content is None or len(content) == size
