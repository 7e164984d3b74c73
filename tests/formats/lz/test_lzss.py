"""Behaviour of LZSS."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import CHUNK, Reader
from clearward.formats.lz import lzss


def expanded(data: bytes, first: int = 16) -> bytes:
    return b"".join(lzss.expand(Reader.of(data), first))


def test_a_match_reaches_into_the_spaces_at_the_start() -> None:
    assert expanded(b"\x01a\xe0\xf1") == b"a" + b" " * 4
    assert expanded(b"\x01a\xf0\xf4") == b"a" * 8  # from where the first byte went


def test_literals_and_matches_mix() -> None:
    assert expanded(b"\x07abc\xf0\xf0") == b"abcabc"


def test_a_long_stream_comes_in_pieces() -> None:
    data = (b"\xff" + b"12345678") * (CHUNK // 8 + 3)
    assert expanded(data) == b"12345678" * (CHUNK // 8 + 3)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_stream(data: bytes) -> None:
    assert len(expanded(data)) <= 9 * len(data)
