"""Behaviour of the Snappy reader."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import snappy

START = b"\xff\x06\0\0sNaPpY"


def chunk(kind: int, data: bytes) -> bytes:
    return bytes((kind,)) + len(data).to_bytes(3, "little") + data


def packed(data: bytes) -> bytes:
    return chunk(0, bytes(4) + data)


def unpacked(data: bytes) -> list[bytes]:
    return contents(snappy.unpack(Reader.of(START + data)))


@given(st.lists(st.binary(max_size=60), max_size=4))
def test_chunks_are_one_part(each: list[bytes]) -> None:
    plain = b"".join(chunk(1, bytes(4) + one) for one in each)
    literal = b"".join(
        packed(bytes((len(one), (len(one) - 1) << 2)) + one) for one in each if one
    )
    assert unpacked(plain) == [b"".join(each)]
    assert unpacked(chunk(0x80, b"skipped") + literal) == [b"".join(each)]


def test_matches_and_long_literals_are_read() -> None:
    long = bytes((60 << 2, 99)) + b"x" * 100
    data = long + b"\x08abc" + bytes((1 | 2 << 2, 3)) + bytes((2 | 4 << 2, 1, 0))
    data += bytes((3 | 1 << 2, 3, 0, 0, 0))
    wanted = b"x" * 100 + b"abcabcabc" + b"c" * 5 + b"cc"
    assert unpacked(packed(b"\x90\x01" + data)) == [wanted]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (chunk(2, b"unknown"), "kind of a chunk"),
        (chunk(0, bytes(100_000)), "size of a chunk"),
        (packed(b"\x09\x01\x09"), "chunk"),
        (packed(b"\x09\x08a"), "chunk"),
        (packed(b"\0\0" + b"\xfe\1\0" * 2000), "chunk"),
        (chunk(1, bytes(9))[:-1], "chunk"),
        (b"\0\0", "chunk"),
    ],
)
def test_damage_is_reported(data: bytes, field: str) -> None:
    assert collect(snappy.unpack(Reader.of(START + data)))[2] == field


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_a_part_or_an_error(data: bytes) -> None:
    for each in (data, packed(data)):
        with suppress(Malformed):
            unpacked(each)
