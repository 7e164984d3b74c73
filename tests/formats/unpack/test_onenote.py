"""Behaviour of the reader of OneNote sections."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import onenote

MAGIC = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
WEB = MAGIC.ljust(48, b"\0") + onenote.WEB


def stored(content: bytes) -> bytes:
    head = onenote.OBJECT + struct.pack("<Q12x", len(content))
    return head + content + bytes(-len(content) % 8) + onenote.OBJECT_END


def compact(value: int) -> bytes:
    for length in range(1, 8):
        if value < 1 << 7 * length:
            return ((value << length) | 1 << (length - 1)).to_bytes(length, "little")
    return b"\x80" + value.to_bytes(8, "little")


def blob(content: bytes, *, long: bool = True) -> bytes:
    inner = compact(len(content)) + content
    size = min(len(inner), onenote.LARGE)
    head = struct.pack("<I", 2 | 2 << 3 | size << 17)
    if not long:
        head = struct.pack("<H", 2 << 3 | len(inner) << 9)
    more = compact(len(inner)) if size == onenote.LARGE else b""
    return b"\x80" + bytes(24) + b"\x15" + head + more + inner


def parts(data: bytes) -> list[bytes]:
    return contents(onenote.unpack(Reader.of(data)))


@given(st.lists(st.binary(max_size=40), max_size=4), st.binary(max_size=9))
def test_each_file_comes_back(files: list[bytes], between: bytes) -> None:
    data = MAGIC + between + between.join(map(stored, files))
    assert parts(data) == files


@pytest.mark.parametrize("size", [1, 60, 126, 127, 128, 20_000, 40_000])
def test_files_of_the_web_come_back(size: int) -> None:
    content = b"x" * size
    assert parts(WEB + b"\x15" + blob(content) + blob(b"next")) == [content, b"next"]
    if size < 100:
        assert parts(WEB + blob(content, long=False)) == [content]


def test_a_file_without_its_end_hides_no_other() -> None:
    data = MAGIC + stored(b"first")[:-16] + bytes(16) + stored(b"second")
    assert parts(data) == [b"first", b"second"]


def test_a_file_longer_than_the_section_is_said() -> None:
    found = collect(onenote.unpack(Reader.of(MAGIC + stored(b"content")[:-20])))
    assert found == ([b"cont"], [], "length of a file")


def test_a_locked_section_says_so() -> None:
    node = struct.pack("<I4x", 0x07C | 8 << 10)
    other = struct.pack("<I4x", 0x010 | 8 << 10)
    lists = onenote.LIST + bytes(8)
    assert gaps(onenote.unpack(Reader.of(MAGIC + lists + other + node))) == [
        Reason.ENCRYPTED
    ]
    assert gaps(onenote.unpack(Reader.of(MAGIC + lists + bytes(4) + node))) == []


@given(st.binary(max_size=99), st.integers(0, 200))
def test_arbitrary_bytes_give_short_parts_or_an_error(data: bytes, cut: int) -> None:
    for whole in (MAGIC + data, WEB + blob(data)[:cut], MAGIC + stored(data)[:cut]):
        try:
            assert sum(map(len, parts(whole + data))) <= 3 * len(whole + data)
        except Malformed as error:
            assert 0 <= error.offset <= len(whole + data)
