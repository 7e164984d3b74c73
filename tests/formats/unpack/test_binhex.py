"""Behaviour of the BinHex reader."""

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.unpack import binhex

LINE = b"(This file must be converted with BinHex 4.0)\r\n"
BACK = bytes.maketrans(binhex.BASE64, binhex.LETTERS)


def crc(data: bytes) -> bytes:
    return binascii.crc_hqx(data, 0).to_bytes(2)


def plain(data: bytes, resource: bytes = b"", name: bytes = b"name") -> bytes:
    header = bytes((len(name),)) + name
    header += binhex.HEADER.pack(0, b"APPL", b"????", 0, len(data), len(resource))
    return header + crc(header) + data + crc(data) + resource + crc(resource)


def letters(data: bytes, line: int = 64) -> bytes:
    text = base64.b64encode(data).rstrip(b"=").translate(BACK)
    lines = (text[at : at + line] for at in range(0, len(text), line))
    return LINE + b":" + b"\r\n".join(lines) + b":\r\n"


def packed(data: bytes, resource: bytes = b"") -> bytes:
    return letters(plain(data, resource).replace(b"\x90", b"\x90\0"))


def unpacked(data: bytes) -> list[bytes]:
    return contents(binhex.unpack(Reader.of(data)))


@given(st.binary(min_size=1, max_size=200), st.binary(max_size=50))
def test_both_forks_come_back(data: bytes, resource: bytes) -> None:
    wanted = [data, resource] if resource else [data]
    assert unpacked(b"text\n" + packed(data, resource)) == wanted


def test_a_run_is_written_out() -> None:
    run = plain(b"a" * 200 + b"\x90" * 9)
    run = run.replace(b"\x90" * 9, b"\x90\0\x90\x09").replace(b"a" * 200, b"a\x90\xc8")
    assert unpacked(letters(run)) == [b"a" * 200 + b"\x90" * 9]


def test_a_long_file_keeps_its_runs_across_pieces() -> None:
    data = b"\x90ab" * 40_000
    assert unpacked(packed(data)) == [data]


def test_the_parts_have_the_name() -> None:
    found = named(binhex.unpack(Reader.of(packed(b"data"))))
    assert found == [(b"name", b"data")]


def test_every_file_of_a_text_is_opened() -> None:
    assert unpacked(packed(b"one") + b"between" + packed(b"two")) == [b"one", b"two"]


def test_a_file_behind_damage_is_opened() -> None:
    broken = letters(plain(b"one")[:-3] + b"abc")
    found = collect(binhex.unpack(Reader.of(broken + packed(b"two"))))
    assert found[0] == [b"one", b"two"]
    assert found[2].startswith("checksum")


def test_a_file_that_ends_early_is_truncated() -> None:
    with pytest.raises(Truncated):
        unpacked(packed(b"content" * 9)[:-30])
    with pytest.raises(Truncated):
        unpacked(LINE + b":")


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for each in (LINE + b":" + data, letters(data), letters(plain(b"")[:4] + data)):
        try:
            unpacked(each)
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
