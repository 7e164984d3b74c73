"""Behaviour of the reader of zlib streams."""

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import contents

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.unpack import zlib_stream


def unpacked(data: bytes) -> list[bytes]:
    return contents(zlib_stream.unpack(Reader.of(data)))


@given(st.binary(max_size=100), st.binary(max_size=20))
def test_the_content_and_what_lies_behind_it_come_back(
    data: bytes, tail: bytes
) -> None:
    assert unpacked(zlib.compress(data) + tail) == [data, tail][: 1 + bool(tail)]


def test_damage_is_reported() -> None:
    packed = zlib.compress(b"content")
    with pytest.raises(Truncated):
        unpacked(packed[:-1])
    with pytest.raises(Malformed):
        unpacked(packed[:-1] + b"x")


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    with suppress(Malformed):
        unpacked(b"\x78\x9c" + data)
