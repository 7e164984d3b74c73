"""Behaviour of the reader of ActiveMime."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import contents, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.unpack import activemime

MAGIC = b"ActiveMime\0\0"


def document(content: bytes, head: int = 50) -> bytes:
    return MAGIC.ljust(head, b"\1") + zlib.compress(content)


@pytest.mark.parametrize("head", [50, 554, 12, 77, 3000])
def test_what_is_packed_comes_back(head: int) -> None:
    data = document(b"content", head)
    assert named(activemime.unpack(Reader.of(data))) == [(b"macros", b"content")]


def test_what_lies_behind_it_comes_back() -> None:
    data = document(b"content") + bytes(3)
    assert contents(activemime.unpack(Reader.of(data))) == [b"content"]
    assert contents(activemime.unpack(Reader.of(data + b"x")))[1] == bytes(3) + b"x"


def test_nothing_packed_is_an_error() -> None:
    for data in (MAGIC, MAGIC + b"\1" * 99):
        with pytest.raises(Malformed):
            contents(activemime.unpack(Reader.of(data)))
    with pytest.raises(Truncated):
        contents(activemime.unpack(Reader.of(document(b"content" * 9)[:-4])))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    try:
        contents(activemime.unpack(Reader.of(MAGIC + data)))
    except Malformed as error:
        assert 0 <= error.offset <= len(MAGIC + data)
