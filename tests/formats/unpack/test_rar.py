"""Behaviour of the RAR reader."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import rar as made
from support import rar_packing as packing
from support.parts import collect, contents, gaps, named
from support.rar import Entry

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy
from clearward.formats.unpack import rar

BOTH = pytest.mark.parametrize("make", [made.old, made.new])
Make = Callable[..., bytes]
ENCRYPTED = 4
VOLUME = 1
ALL_SOLID = 8
SOLID = 16


@pytest.fixture(autouse=True)
def _loaded() -> None:
    heavy.load()


@BOTH
def test_entries_come_back_with_their_names(make: Make) -> None:
    data = make(Entry(b"a.txt", b"first"), Entry(b"b/c.txt", b"second"))
    found = named(rar.unpack(Reader.of(data)))
    assert found == [(b"a.txt", b"first"), (b"b/c.txt", b"second")]


@BOTH
def test_an_entry_may_be_passed_over(make: Make) -> None:
    data = make(Entry(b"a", b"first" * 9999), Entry(b"b", b"second"))
    assert [item.name for item in rar.unpack(Reader.of(data))] == [b"a", b"b"]


@BOTH
def test_a_volume_says_that_the_rest_is_elsewhere(make: Make) -> None:
    data = make(Entry(b"a", b"first"), flags=VOLUME)
    assert contents(rar.unpack(Reader.of(data))) == [b"first"]
    assert gaps(rar.unpack(Reader.of(data))) == [Reason.TRUNCATED]


def test_an_entry_with_a_password_is_a_gap_and_the_next_is_read() -> None:
    secret = Entry(b"a", b"secret", flags=ENCRYPTED)
    data = made.old(secret, Entry(b"b", b"second"))
    assert contents(rar.unpack(Reader.of(data))) == [b"second"]
    assert gaps(rar.unpack(Reader.of(data))) == [Reason.ENCRYPTED]


def test_encrypted_headers_are_said_to_be_so() -> None:
    data = made.OLD + made.block_old(0x73, 0x80, bytes(6)) + bytes(64)
    with pytest.raises(Malformed) as caught:
        contents(rar.unpack(Reader.of(data)))
    assert caught.value.reason is Reason.ENCRYPTED


def test_a_front_that_is_none_of_them_is_unsupported() -> None:
    with pytest.raises(Malformed) as caught:
        contents(rar.unpack(Reader.of(b"Rar!\x1a\x07\x02" + bytes(64))))
    assert caught.value.reason is Reason.UNSUPPORTED


def test_files_of_a_solid_archive_are_read_whichever_are_stored() -> None:
    packed = Entry(b"b", b"second", SOLID, 0x33, packed=packing.third(b"second"))
    last = Entry(b"d", b"last", flags=SOLID)
    secret = Entry(b"c", b"secret", flags=ENCRYPTED | SOLID)
    data = made.old(Entry(b"a", b"first"), packed, secret, last, flags=ALL_SOLID)
    assert contents(rar.unpack(Reader.of(data))) == [b"first", b"second", b"last"]
    assert gaps(rar.unpack(Reader.of(data))) == [Reason.ENCRYPTED]
    with pytest.raises(Truncated):
        contents(rar.unpack(Reader.of(data[:-9])))


@BOTH
def test_damage_in_an_entry_does_not_hide_what_came_before(make: Make) -> None:
    data = make(Entry(b"a", b"first"), Entry(b"b", b"second" * 50))
    cut = data[: data.index(b"secondsecond") + 50]
    parts, found, field = collect(rar.unpack(Reader.of(cut)))
    assert parts[0] == b"first"
    assert field or found


def test_an_archive_cut_in_its_first_block_is_an_error() -> None:
    with pytest.raises(Malformed):
        contents(rar.unpack(Reader.of(made.OLD + b"\0\0\x73")))


@BOTH
def test_it_is_not_read_as_another_format(make: Make) -> None:
    end_record = b"PK\5\6" + bytes(18)
    data = make(Entry(b"a", b"first")) + end_record
    assert contents(rar.unpack(Reader.of(data))) == [b"first"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([made.OLD, made.NEW]), st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(magic: bytes, data: bytes) -> None:
    data = magic + data
    try:
        contents(rar.unpack(Reader.of(data)))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_gives_parts_or_an_error(draw: st.DataObject) -> None:
    make = draw.draw(st.sampled_from([made.old, made.new]))
    data = bytearray(make(Entry(b"a", b"first"), Entry(b"b", b"second")))
    place = draw.draw(st.integers(7, len(data) - 1))
    data[place] ^= draw.draw(st.integers(1, 255))
    try:
        contents(rar.unpack(Reader.of(bytes(data))))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
