"""Behaviour of the reader of shortcuts."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.unpack import lnk

CLASS = bytes.fromhex("0114020000000000c000000000000046")


def header(flags: int) -> bytes:
    return struct.pack("<I16sI", 76, CLASS, flags).ljust(76, b"\0")


def counted(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def block(signature: int, text: str) -> bytes:
    fields = bytes(260) + text.encode("utf-16-le").ljust(520, b"\0")
    return struct.pack("<II", 8 + len(fields), signature) + fields


def shortcut(arguments: str = "-c run", appended: bytes = b"") -> bytes:
    items = struct.pack("<H", 4) + b"item"
    info = struct.pack("<I", 8) + b"info"
    blocks = block(0xA0000001, "%COMSPEC%") + block(0xA0000003, "none") + bytes(4)
    texts = counted("..\\a.exe") + counted(arguments)
    return header(0x80 | 0x20 | 8 | 3) + items + info + texts + blocks + appended


def unpack(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(lnk.unpack(Reader.of(data)))


def test_texts_and_targets_come_back_as_lines() -> None:
    assert unpack(shortcut()) == [(b"texts", b"..\\a.exe\n-c run\n%COMSPEC%")]


def test_what_is_appended_comes_back() -> None:
    assert unpack(shortcut(appended=b"MZ")) == [
        (b"texts", b"..\\a.exe\n-c run\n%COMSPEC%"),
        (b"appended", b"MZ"),
    ]
    assert len(unpack(shortcut(appended=bytes(99)))) == 1


def test_text_of_one_byte_a_letter_is_read() -> None:
    data = header(4) + struct.pack("<H", 3) + b"a\xe9c"
    assert unpack(data) == [(b"texts", "a\xe9c".encode())]


def test_a_shortcut_without_a_last_block_is_whole() -> None:
    assert unpack(header(0)) == []


@pytest.mark.parametrize("cut", [30, 77, 80, 84, 90, 100, 110, 120, 1000])
def test_what_ends_early_is_read_and_said(cut: int) -> None:
    with pytest.raises(Truncated):
        unpack(shortcut()[:cut])


def test_texts_in_front_of_damage_come_back() -> None:
    parts, _, field = collect(lnk.unpack(Reader.of(shortcut()[:115])))
    assert parts[0].startswith(b"..\\a.exe")
    assert field == "text"
    damaged = header(2) + struct.pack("<I", 3)
    assert collect(lnk.unpack(Reader.of(damaged)))[2] == "length of the link info"


@given(st.integers(0, 255), st.binary(max_size=300))
def test_arbitrary_bytes_give_short_parts_or_an_error(flags: int, data: bytes) -> None:
    whole = header(flags) + data
    try:
        assert sum(len(part) for _, part in unpack(whole)) <= 3 * len(whole)
    except Malformed as error:
        assert 0 <= error.offset <= len(whole)
