"""Behaviour of the question whether there is an archive."""

import pytest
from formats.zip.test_build import File, archive, archive64, end
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.zip.evidence import holds_archive
from clearward.formats.zip.window import Window

FILE = File(b"content", b"name")
RECORD = FILE.record(0)
HELD = pytest.mark.parametrize("held", [True, False])


def holds(data: bytes, *, held: bool = True) -> bool:
    if held:
        return holds_archive(Window(Reader.of(data)))
    reader = Reader(lambda at, size: data[at : at + size], len(data))
    return holds_archive(Window(reader))


@HELD
@pytest.mark.parametrize(
    "data",
    [
        archive(FILE),
        archive64(FILE),
        FILE.local(),
        FILE.streamed(),
        b"PK00" + FILE.local(),
        b"MZ" + bytes(200_000) + FILE.local() + bytes(200_000),
        end(0, 0, 0),
        RECORD + end(1, len(RECORD), 0),
        b"the last disk of a set" + RECORD + end(1, len(RECORD), 9999, disk=2),
        bytes(64) + end(1, 64, 0),
    ],
)
def test_an_archive_is_known(data: bytes, *, held: bool) -> None:
    assert holds(data, held=held)


@HELD
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\3\4",
        b"PK\3\4" + b"\xaa" * 40,
        b"PK\3\4" + bytes(40),
        b"the magic of an archive is PK\3\4 and its end is PK\5\6, or so they say",
        b"text" + end(0, 0, 0),
        b"text" + end(0, 0, 0) + b"text",
        end(0, 0, 0) + b"text",
        b"text" + end(1, 2, 3),
        b"text" + end(1, 46, 0)[:-1],
    ],
)
def test_a_magic_alone_is_no_archive(data: bytes, *, held: bool) -> None:
    assert not holds(data, held=held)


def test_a_flood_of_magics_is_no_archive() -> None:
    assert not holds((b"PK\3\4" + bytes(26)) * 100_000)


def test_a_flood_of_end_records_is_left_to_the_reader() -> None:
    assert holds(end(0, 0, 0) * 5000 + b"text")


@given(st.binary(max_size=300).filter(lambda data: b"PK" not in data))
def test_no_archive_is_seen_without_its_letters(data: bytes) -> None:
    assert not holds(data)
