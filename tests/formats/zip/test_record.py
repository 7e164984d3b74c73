"""Behaviour of the directory records' reader."""

from struct import pack

import pytest
from formats.zip.test_build import File
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.zip.record import Record, read_record
from clearward.formats.zip.window import Window

FILE = File(b"content", b"name", method=0)
ONES = 0xFFFFFFFF


def read(data: bytes, offset: int = 0) -> Record | None:
    return read_record(Window(Reader.of(data)), offset)


def test_a_record_is_read() -> None:
    data = FILE.record(99, b"extra", b"comment", disk=3)
    record = read(b"." + data + b".", 1)
    assert record is not None
    assert (record.name, record.disk, record.offset) == (b"name", 3, 99)
    assert record.end == 1 + len(data)
    assert (record.claim.packed, record.claim.size) == (7, 7)


def test_zip64_numbers_are_taken() -> None:
    extra = pack("<HHQQQ", 1, 24, 1 << 33, 1 << 32, 1 << 34)
    record = read(FILE.record(ONES, extra, packed=ONES, size=ONES))
    assert record is not None
    assert (record.claim.packed, record.claim.size) == (1 << 32, 1 << 33)
    assert record.offset == 1 << 34


def test_sizes_that_a_record_leaves_to_the_descriptor_are_none() -> None:
    record = read(FILE.record(0, flags=8, packed=0, size=0))
    assert record is not None
    assert (record.claim.crcs, record.claim.packed) == ((), None)


@pytest.mark.parametrize(
    "data", [b"", FILE.record(0)[:-1], FILE.record(0)[:45], FILE.header()]
)
def test_what_is_no_whole_record_is_none(data: bytes) -> None:
    assert read(data) is None


@given(st.binary(max_size=200))
def test_a_record_ends_inside_the_part(data: bytes) -> None:
    record = read(b"PK\1\2" + data)
    assert record is None or 46 <= record.end <= 4 + len(data)
