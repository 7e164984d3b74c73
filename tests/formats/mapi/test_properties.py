"""Behaviour of the properties of TNEF."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.mapi import properties

LONG = b"a text that is long enough to be a part"


def value(data: bytes) -> bytes:
    return pack("<I", len(data)) + data + bytes(-len(data) % 4)


def listed(*each: bytes) -> bytes:
    return pack("<I", len(each)) + b"".join(each)


def unpacked(data: bytes) -> tuple[list[bytes], str]:
    parts, _, field = collect(properties.unpack(Reader.of(data), 0, "x"))
    return parts, field


def test_texts_and_objects_are_parts() -> None:
    data = listed(
        pack("<HHI", 3, 0x0E07, 1),
        pack("<HHI", 0x1003, 0x0E08, 2) + bytes(8),
        pack("<HH", properties.TEXT, 0x1000) + listed(value(LONG)),
        pack("<HH", properties.TEXT, 0x1001) + listed(value(b"short")),
        pack("<HH", properties.OBJECT, 0x3701) + listed(value(bytes(16) + b"object")),
        pack("<HH16sI", properties.BINARY, 0x8001, b"", 1)
        + value(b"n\0a\0")
        + listed(value(LONG + b"1"), value(LONG + b"2")),
        pack("<HH16sII", 3, 0x8002, b"", 0, 7) + bytes(4),
    )
    wanted = [LONG, b"object", LONG + b"1", LONG + b"2"]
    assert unpacked(data) == (wanted, "")


def test_damage_is_reported_behind_what_was_read() -> None:
    first = pack("<HH", properties.TEXT, 0x1000) + listed(value(LONG))
    assert unpacked(pack("<I", 2) + first) == ([LONG], "properties")
    unknown = listed(first, pack("<HH", 0x0666, 1))
    assert unpacked(unknown) == ([LONG], "type of a property")
    assert unpacked(listed(first)[:-8]) == ([LONG[:-7]], "properties")


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    try:
        contents(properties.unpack(Reader.of(data), 0, "x"))
    except Malformed as error:
        assert 0 <= error.offset <= len(data) + 20


def test_a_count_of_billions_ends_with_the_bytes() -> None:
    with pytest.raises(Malformed):
        contents(properties.unpack(Reader.of(b"\xff" * 4 + bytes(9)), 0, "x"))
