"""Behaviour of RAR archives whose files libarchive does not read."""

from collections.abc import Callable

import pytest
from support import rar as made
from support import rar_packing as packing
from support.parts import contents, gaps, named
from support.rar import Entry
from support.rar_packing import Bits

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats import heavy, passwords
from clearward.formats.rar import members
from clearward.formats.unpack import rar

BEFORE, AFTER, ENCRYPTED, SOLID = 1, 2, 4, 0x10
VOLUME, ALL_SOLID = 1, 8
TEXT = b"a text, a text, and no more of it"


@pytest.fixture(autouse=True)
def _loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    heavy.load()
    monkeypatch.setattr(passwords, "COMMON", (b"word",))


def first(name: bytes, content: bytes = TEXT) -> Entry:
    packed = packing.packed_first(content)
    return Entry(name, content, method=0x33, version=15, packed=packed)


def second(name: bytes, content: bytes = TEXT, flags: int = 0) -> Entry:
    packed = packing.second(content)
    return Entry(name, content, flags, method=0x33, version=20, packed=packed)


def read(item: Item) -> tuple[bytes, str]:
    """What a part holds, and the field that is wrong."""
    assert isinstance(item, Part)
    assert isinstance(item.content, Stream)
    found = bytearray()
    try:
        while data := item.content.some(99):
            found += data
    except Malformed as error:
        return bytes(found), error.field
    return bytes(found), ""


def follows(name: bytes) -> Entry:
    """A file that begins with the codes and the window of the one before."""
    bits = Bits()
    packing.long_match(bits, 4, 0, 1)
    bits.put(ord("!"), 9)
    return Entry(name, TEXT[-5:-2] + b"!", SOLID, 0x33, 20, bits.data())


@pytest.mark.parametrize("make", [first, second])
def test_files_that_rar_1_5_or_2_packed_come_back(make: Callable[..., Entry]) -> None:
    data = made.old(make(b"a"), Entry(b"b", b"stored", version=20), make(b"c", b"x"))
    found = named(rar.unpack(Reader.of(data)))
    assert found == [(b"a", TEXT), (b"b", b"stored"), (b"c", b"x")]


def test_files_of_both_and_of_rar_3_may_be_in_one_archive() -> None:
    three = Entry(b"c", b"", method=0x33, packed=b"\0")
    data = made.old(first(b"a"), second(b"b"), three, Entry(b"d", b"d"))
    found = named(rar.unpack(Reader.of(data)))
    assert found == [(b"a", TEXT), (b"b", TEXT), (b"d", b"d")]


def test_a_file_of_a_solid_archive_begins_where_the_last_ended() -> None:
    data = made.old(second(b"a"), follows(b"b"), flags=ALL_SOLID)
    assert contents(rar.unpack(Reader.of(data))) == [TEXT, TEXT[-5:-2] + b"!"]


def test_that_is_so_where_nobody_read_the_last_one() -> None:
    data = made.old(second(b"a"), follows(b"b"), flags=ALL_SOLID)
    _, later = rar.unpack(Reader.of(data))
    assert contents([later]) == [TEXT[-5:-2] + b"!"]


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        pytest.param(
            Entry(b"a", TEXT, ENCRYPTED, 0x33, 20, b"x" * 16),
            Reason.ENCRYPTED,
            id="encrypted",
        ),
        pytest.param(
            Entry(b"a", TEXT, BEFORE, 0x33, 20, b"x" * 16),
            Reason.TRUNCATED,
            id="in another volume",
        ),
        pytest.param(first(b"a"), Reason.CORRUPT, id="packed otherwise"),
    ],
)
def test_a_file_behind_one_that_is_unread_is_so_too(
    before: Entry, reason: Reason
) -> None:
    data = made.old(before, follows(b"b"), second(b"c"), flags=ALL_SOLID)
    assert contents(rar.unpack(Reader.of(data)))[-1] == TEXT
    assert gaps(rar.unpack(Reader.of(data)))[-1] == reason


def test_damage_in_a_file_is_known_to_those_behind() -> None:
    packed = packing.second(TEXT)[:-9]
    short = Entry(b"a", TEXT, 0, 0x33, 20, packed)
    data = made.old(short, follows(b"b"), flags=ALL_SOLID)
    items = rar.unpack(Reader.of(data))
    part = next(items)
    with pytest.raises(Truncated):
        contents([part])
    assert gaps(items) == [Reason.TRUNCATED]


def test_a_wrong_checksum_is_said_and_the_content_is_given() -> None:
    entry = second(b"a")
    data = bytearray(made.old(entry))
    place = data.index(b"\x14\x33") - 8  # of the version, and of the checksum
    data[place] ^= 1
    assert read(next(rar.unpack(Reader.of(bytes(data))))) == (TEXT, "checksum")


def test_a_file_that_goes_on_in_another_volume_is_read_as_far_as_it_goes() -> None:
    packed = packing.second(TEXT)
    cut = Entry(b"a", TEXT, AFTER, 0x33, 20, packed[:-9])
    data = made.old(Entry(b"s", b"end of it", BEFORE), cut, flags=VOLUME)
    end, gap, part, last = rar.unpack(Reader.of(data))
    assert contents([end]) == [b"end of it"]
    assert gaps([gap, last]) == [Reason.TRUNCATED] * 2
    found, field = read(part)
    assert found
    assert TEXT.startswith(found)
    assert field == "stream end"


def test_a_comment_in_a_header_keeps_nothing_from_being_read() -> None:
    data = made.old(Entry(b"a", b"stored", flags=8, version=20))
    assert members.survey(Reader.of(data)).ours
    assert contents(rar.unpack(Reader.of(data))) == [b"stored"]


def test_what_is_no_block_is_damage_behind_what_was_read() -> None:
    data = made.old(second(b"a"))[:-7] + bytes(20)
    with pytest.raises(Malformed):
        contents(rar.unpack(Reader.of(data)))
