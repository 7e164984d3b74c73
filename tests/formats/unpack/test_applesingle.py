"""Behaviour of the AppleSingle reader."""

from contextlib import suppress
from struct import pack

from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import applesingle

MAGIC = b"\0\5\x16\0\0\2\0\0" + bytes(16)


def file(*entries: tuple[int, bytes]) -> bytes:
    place = 26 + 12 * len(entries)
    head = MAGIC + pack(">H", len(entries))
    for kind, data in entries:
        head += pack(">III", kind, place, len(data))
        place += len(data)
    return head + b"".join(data for _, data in entries)


def test_forks_come_back_under_the_name() -> None:
    data = file((1, b"data"), (3, b"name"), (2, b"resource"), (9, b""))
    found = named(applesingle.unpack(Reader.of(data)))
    assert found == [(b"name", b"data"), (b"name", b"resource")]


def test_what_is_cut_is_said() -> None:
    data = file((1, b"data"), (2, b"resource"))
    parts, gaps, field = collect(applesingle.unpack(Reader.of(data[:-2])))
    assert (parts, [gap.word for gap in gaps]) == ([b"data", b"resour"], ["truncated"])
    assert field == ""
    assert collect(applesingle.unpack(Reader.of(data[:30])))[2] == "entries"
    assert collect(applesingle.unpack(Reader.of(data[:9])))[2] == "entries"


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    with suppress(Malformed):
        contents(applesingle.unpack(Reader.of(MAGIC + data)))
