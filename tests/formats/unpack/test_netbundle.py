"""Behaviour of the reader of .NET programs published as one file."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.carriers import PROGRAMS
from support.installers import deflated
from support.parts import collect, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.identify import identify
from clearward.formats.unpack import netbundle

FILES = {"app.dll": b"MZ program " * 40, "app.json": b"{}"}
EXPECTED = [(name.encode(), data) for name, data in FILES.items()]


def built(version: int = 6, *, program: bytes = PROGRAMS["elf"]) -> bytes:
    front = len(program) + 8 + len(netbundle.MAGIC)
    data, table = b"", b""
    for name, content in FILES.items():
        packed = deflated(content) if version >= 6 and len(content) > 9 else content
        size = len(packed) if packed != content else 0
        numbers = (front + len(data), len(content), *([size] if version >= 6 else []))
        table += b"".join(struct.pack("<Q", number) for number in numbers) + b"\1"
        table += bytes((len(name),)) + name.encode()
        data += packed
    head = struct.pack("<III", version, 0, len(FILES)) + b"\x04name"
    head += bytes(40) if version >= 2 else b""
    place = struct.pack("<Q", front + len(data))
    return program + place + netbundle.MAGIC + data + head + table


def unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(netbundle.unpack(Reader.of(data)))


@pytest.mark.parametrize("version", [1, 2, 6])
def test_the_files_come_back(version: int) -> None:
    assert unpacked(built(version)) == EXPECTED


def test_it_is_known_by_its_mark_and_place() -> None:
    whole = built()
    assert "netbundle" in [each.name for each in identify(whole, Reader.of(whole))]
    empty = PROGRAMS["elf"] + bytes(8) + netbundle.MAGIC + bytes(99)
    assert not netbundle.recognises(empty, Reader.of(empty))


def test_what_ends_early_is_truncated() -> None:
    whole = built()
    with pytest.raises(Truncated):
        unpacked(whole[:-20])
    far = whole.replace(FILES["app.json"], b"{}", 1)
    place = far.rindex(struct.pack("<Q", 2)) - 8
    with pytest.raises(Truncated):
        unpacked(far[:place] + b"\xff" * 7 + b"\0" + far[place + 8 :])


def test_the_same_place_again_and_again_is_not_read() -> None:
    whole = built(1)
    entry = struct.pack("<QQB", 0, len(whole), 1) + b"\1x"
    place = int.from_bytes(whole[len(PROGRAMS["elf"]) :][:8], "little")
    head = struct.pack("<III", 1, 0, 50) + b"\x04name"
    items = list(netbundle.unpack(Reader.of(whole[:place] + head + entry * 50)))
    assert gaps(items) == [Reason.PARTS_LIMIT]


@given(st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(place: int, noise: bytes) -> None:
    data = bytearray(built())
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(netbundle.unpack(Reader.of(bytes(data))))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    place = struct.pack("<Q", 40)
    with suppress(Malformed):
        collect(netbundle.unpack(Reader.of(place + netbundle.MAGIC + data)))
