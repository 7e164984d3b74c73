"""Behaviour of RAR archives of version 1.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import rar_packing as packing
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy
from clearward.formats.rar import oldest
from clearward.formats.unpack import rar

BEFORE, AFTER, ENCRYPTED, SOLID, VOLUME = 1, 2, 4, 8, 1
TEXT = b"a text, a text, and no more of it"


@pytest.fixture(autouse=True)
def _loaded() -> None:
    heavy.load()


def file(
    name: bytes, content: bytes, packed: bytes | None = None, flags: int = 0
) -> bytes:
    """A file, stored or packed."""
    data = content if packed is None else packed
    fields = oldest.FILE.pack(
        len(data),
        len(content),
        0,
        oldest.FILE.size + len(name) + 2,
        0,
        0x20,
        flags,
        2,
        len(name),
        0 if packed is None else 3,
    )
    return fields + name + b"??" + data


def archive(*files: bytes, flags: int = 0) -> bytes:
    return b"RE~^\x07\0" + bytes((flags | 0x80,)) + b"".join(files)


def test_files_come_back_stored_or_packed() -> None:
    packed = file(b"b", TEXT, packing.packed_first(TEXT))
    data = archive(file(b"a", b"stored"), packed, packed)
    found = named(rar.unpack(Reader.of(data)))
    assert found == [(b"a", b"stored"), (b"b", TEXT), (b"b", TEXT)]


def test_files_of_a_solid_archive_go_on_with_tables() -> None:
    bits = packing.Bits()
    bits.put(*packing.word(2, 0))
    bits.put(*packing.word(1, 0))
    data = archive(
        file(b"a", b"abc", packing.packed_first(b"abc")),
        file(b"b", b"a", bits.data()),
        flags=SOLID,
    )
    assert contents(rar.unpack(Reader.of(data))) == [b"abc", b"a"]


def test_what_is_encrypted_or_elsewhere_is_said() -> None:
    data = archive(
        file(b"a", TEXT, flags=ENCRYPTED), file(b"b", b"cut", flags=AFTER), flags=VOLUME
    )
    parts, found, _ = collect(rar.unpack(Reader.of(data)))
    assert parts == [b"cut"]
    assert found == [Reason.ENCRYPTED, Reason.TRUNCATED, Reason.TRUNCATED]


def test_a_cut_archive_gives_what_there_is() -> None:
    data = archive(file(b"a", b"first"), file(b"b", b"second"))[:-2]
    with pytest.raises(Truncated):
        contents(rar.unpack(Reader.of(data)))
    items = rar.unpack(Reader.of(data))
    assert contents([next(items), next(items)]) == [b"first", b"seco"]
    assert gaps([next(items)]) == [Reason.TRUNCATED]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"RE~^\x06\0\0", id="a short front"),
        pytest.param(archive(bytes(30)), id="a short header"),
    ],
)
def test_headers_that_are_none_are_damage(data: bytes) -> None:
    with pytest.raises(Malformed):
        contents(rar.unpack(Reader.of(data)))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    data = b"RE~^\x07\0" + data
    try:
        contents(rar.unpack(Reader.of(data)))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
