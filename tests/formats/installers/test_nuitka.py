"""Behaviour of the reader of programs made by Nuitka."""

import struct
from contextlib import suppress

import pytest
from backports.zstd import compress
from hypothesis import given
from hypothesis import strategies as st
from support.carriers import PROGRAMS
from support.parts import collect, contents, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.installers import nuitka
from clearward.formats.unpack import embedded

FILES = {"app.bin": b"\x7fELF program", "lib/x.so": b"library " * 99, "empty": b""}
EXPECTED = [(name.encode(), data) for name, data in FILES.items()]


def built(*, wide: bool = False, checksum: bool = False) -> bytes:
    data = b""
    for name, content in FILES.items():
        data += (name + "\0").encode("utf-16-le") if wide else name.encode() + b"\0\1"
        data += struct.pack("<Q", len(content)) + b"\xcc" * (4 * checksum) + content
    return b"KAY" + compress(data + bytes(2 if wide else 1))


def unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(nuitka.unpack(Reader.of(data)))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("checksum", [False, True])
def test_the_files_come_back(wide: bool, checksum: bool) -> None:  # noqa: FBT001
    assert unpacked(built(wide=wide, checksum=checksum)) == EXPECTED


def test_the_files_are_found_in_the_middle_of_a_program() -> None:
    whole = PROGRAMS["elf"] + bytes(100) + built()
    assert contents(embedded.unpack(Reader.of(whole))) == [built()]


def test_what_ends_early_is_truncated() -> None:
    with pytest.raises(Truncated):
        unpacked(built()[:-9])
    with pytest.raises(Truncated):
        unpacked(b"KAY" + compress(b""))


@given(st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(place: int, noise: bytes) -> None:
    data = bytearray(built())
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(nuitka.unpack(Reader.of(bytes(data))))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for whole in (b"KAY" + data, b"KAY" + compress(data)):
        with suppress(Malformed):
            collect(nuitka.unpack(Reader.of(whole)))
