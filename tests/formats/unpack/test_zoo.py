"""Behaviour of the ZOO reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.lz.crc16 import crc16
from clearward.formats.unpack import zoo

STORED, LZW, LZH = range(3)


def lzw_packed(data: bytes) -> bytes:
    """LZW that never uses a string: each byte is a code of its own width."""
    number = place = 0
    width, free = 9, 257
    for byte in data:
        number |= byte << place
        place += width
        free += 1
        if free == 1 << width:
            width += 1
    number |= 257 << place
    return number.to_bytes((place + width + 7) // 8, "little")


def lzh_packed(byte: int, count: int) -> bytes:
    """A block in which each symbol is the same byte and takes no bits."""
    bits = f"{count:016b}" + "00000" + "00000" + "000000000" + f"{byte:09b}"
    bits += "0000" + "0000"
    bits = bits.ljust(-(-len(bits) // 8) * 8, "0")
    return int(bits, 2).to_bytes(len(bits) // 8)


def entry(
    name: bytes, after: int, start: int, facts: tuple[int, bytes, bytes], more: bytes
) -> bytes:
    method, content, packed = facts
    head = zoo.MAGIC + bytes((2, method))
    head += after.to_bytes(4, "little") + start.to_bytes(4, "little") + bytes(4)
    head += crc16(content).to_bytes(2, "little") + len(content).to_bytes(4, "little")
    head += len(packed).to_bytes(4, "little") + bytes(10) + name.ljust(13, b"\0")[:13]
    return head + len(more).to_bytes(2, "little") + bytes(3) + more


def archive(*members: tuple[bytes, int, bytes, bytes], more: bytes = b"") -> bytes:
    """Members are name, method, content and packed content."""
    data = b"ZOO 2.10 Archive.\x1a\0\0" + zoo.MAGIC + (34).to_bytes(4, "little")
    data = data.ljust(34, b"\0")
    for name, method, content, packed in members:
        start = len(data) + 56 + len(more)
        after = start + len(packed)
        data += entry(name, after, start, (method, content, packed), more) + packed
    return data + entry(b"", 0, 0, (0, b"", b""), b"")


TEXT = bytes(n * n % 251 for n in range(700))
MEMBERS = (
    (b"a.txt", STORED, b"first", b"first"),
    (b"b.txt", LZW, TEXT, lzw_packed(TEXT)),
    (b"c.txt", LZH, b"x" * 300, lzh_packed(120, 300)),
)


def test_members_come_back_with_their_names() -> None:
    found = named(zoo.unpack(Reader.of(archive(*MEMBERS))))
    assert found == [(name, content) for name, _, content, _ in MEMBERS]


def test_a_long_name_has_its_folder() -> None:
    more = bytes((9, 4)) + b"long.name" + b"a/b\0"
    found = named(zoo.unpack(Reader.of(archive(MEMBERS[0], more=more))))
    assert found == [(b"a/b/long.name", b"first")]


def test_an_unknown_method_is_said_and_the_next_member_is_read() -> None:
    data = archive((b"x", 9, b"?", b"?"), MEMBERS[0])
    assert contents(zoo.unpack(Reader.of(data))) == [b"first"]
    assert gaps(zoo.unpack(Reader.of(data))) == [Reason.UNSUPPORTED]


def test_a_wrong_checksum_is_corrupt() -> None:
    data = archive((b"x", STORED, b"first", b"worst"))
    (part,) = zoo.unpack(Reader.of(data))
    with pytest.raises(Malformed, match="checksum"):
        contents([part])


def test_a_list_that_goes_round_ends() -> None:
    data = bytearray(archive(MEMBERS[0]))
    data[40:44] = (34).to_bytes(4, "little")
    parts, _, error = collect(zoo.unpack(Reader.of(bytes(data))))
    assert (parts, error) == ([b"first"], "list of entries")


def test_an_archive_that_ends_early_gives_what_there_is() -> None:
    data = archive(*MEMBERS)
    items = zoo.unpack(Reader.of(data[:-60]))
    assert contents([next(items)]) == [b"first"]
    with pytest.raises(Truncated):
        list(items)


@settings(deadline=None)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=6))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    data = archive(*MEMBERS)
    place %= len(data)
    collect(zoo.unpack(Reader.of(data[:place] + junk + data[place + len(junk) :])))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_no_trouble(data: bytes) -> None:
    collect(zoo.unpack(Reader.of(archive()[:28] + data)))
