"""Behaviour of the reader of .NET resources."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import netresources

MAGIC = b"\xce\xca\xef\xbe\1\0\0\0"
VALUES = {
    "text": (1, b"a text " * 40),
    "library": (32, b"MZ library"),
    "stream": (33, b"bytes"),
    "object": (64, b"serialised"),
}
EXPECTED = [(name.encode(), data) for name, (_, data) in VALUES.items()]


def length(number: int) -> bytes:
    data = b""
    while number > 0x7F:
        data += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return data + bytes((number,))


def built(values: dict[str, tuple[int, bytes]] = VALUES) -> bytes:
    head = MAGIC + struct.pack("<I", 9) + b"\x03One\x04Two!"
    head += struct.pack("<III", 2, len(values), 1) + b"\x05Class"
    head += b"PADPADPA"[: -len(head) % 8]
    names, places, data = b"", b"", b""
    for name, (kind, value) in values.items():
        places += struct.pack("<I", len(names))
        wide = name.encode("utf-16-le")
        names += length(len(wide)) + wide + struct.pack("<I", len(data))
        data += length(kind)
        if kind == 1:
            data += length(len(value))
        elif kind in (32, 33):
            data += struct.pack("<I", len(value))
        data += value
    head += bytes(4 * len(values)) + places
    return head + struct.pack("<I", len(head) + 4 + len(names)) + names + data


def unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(netresources.unpack(Reader.of(data)))


def test_values_come_back() -> None:
    assert unpacked(built()) == EXPECTED
    assert unpacked(built({})) == []


def test_what_ends_early_is_truncated() -> None:
    whole = built({"library": (32, b"MZ library")})
    for size in (8, 20, 40, len(whole) - 1):
        with pytest.raises(Truncated):
            unpacked(whole[:size])


def test_a_length_without_an_end_is_damage() -> None:
    whole = built()
    with pytest.raises(Malformed, match="length"):
        unpacked(whole.replace(b"\x05Class", b"\xff" * 6))


def test_too_many_are_said() -> None:
    whole = MAGIC + bytes(4) + struct.pack("<III", 2, 1 << 20, 0)
    assert gaps(netresources.unpack(Reader.of(whole))) == [Reason.PARTS_LIMIT]


@given(st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(place: int, noise: bytes) -> None:
    data = bytearray(built())
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(netresources.unpack(Reader.of(bytes(data))))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    with suppress(Malformed):
        collect(netresources.unpack(Reader.of(MAGIC + data)))
