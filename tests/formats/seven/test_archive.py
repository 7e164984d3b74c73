"""Behaviour of an opened 7z archive; whole archives are tested with the reader."""

import zlib

import pytest
from support.parts import named

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.seven.archive import MOST_HEADER, Archive
from clearward.formats.seven.header import Header

STREAMS = b"\6\0\1\x09\7\0\7\x0b\1\0\1\1\0\x0c\7\0\x08\x0d\2\x09\4\0\0"
MAIN = b"\1\4" + STREAMS + b"\0"


def around(packed: bytes, header: bytes, size: int | None = None) -> bytes:
    length = len(header) if size is None else size
    start = len(packed).to_bytes(8, "little") + length.to_bytes(8, "little")
    start += zlib.crc32(header).to_bytes(4, "little")
    check = zlib.crc32(start).to_bytes(4, "little")
    return b"7z\xbc\xaf\x27\x1c\0\4" + check + start + packed + header


def test_a_header_says_what_there_is() -> None:
    archive = Archive(Reader.of(around(b"mainend", MAIN)))
    header = archive.header()
    assert len(header.main) == 1
    assert named(archive.members(header)) == [(b"", b"main"), (b"", b"end")]
    assert list(archive.rest()) == []
    assert archive.fault is None


def test_without_a_header_everything_is_rest() -> None:
    archive = Archive(Reader.of(around(b"", b"") + b"rest"))
    assert archive.header() == Header()
    assert named(archive.rest()) == [(b"trailing", b"rest")]


def test_an_archive_cut_in_its_start_is_truncated() -> None:
    for size in range(32):
        with pytest.raises(Truncated):
            Archive(Reader.of(around(b"", MAIN)[:size])).header()


@pytest.mark.parametrize(
    ("header", "size"), [(b"\1", 2), (b"\1", 2**64 - 1), (b"", 1)], ids=str
)
def test_a_header_behind_the_end_is_truncated(header: bytes, size: int) -> None:
    with pytest.raises(Truncated):
        Archive(Reader.of(around(b"", header, size))).header()


def test_a_header_that_is_too_large_is_not_taken_into_memory() -> None:
    start = around(b"", b"", MOST_HEADER + 1)

    def at(offset: int, size: int) -> bytes:
        assert offset + size <= 32
        return start[offset : offset + size]

    with pytest.raises(Malformed) as caught:
        Archive(Reader(at, 1 << 40)).header()
    assert caught.value.reason is Reason.MEMORY_LIMIT


@pytest.mark.parametrize("header", [b"\2", b"\x17\0", b"\x17"], ids=bytes.hex)
def test_what_is_no_header_is_refused(header: bytes) -> None:
    with pytest.raises(Malformed):
        Archive(Reader.of(around(b"", header))).header()


def test_the_first_fault_is_kept() -> None:
    data = bytearray(around(b"mainend", MAIN))
    data[8] ^= 1
    data[28] ^= 1
    archive = Archive(Reader.of(bytes(data)))
    archive.header()
    assert archive.fault is not None
    assert archive.fault.offset == 8


def test_packed_streams_beyond_the_end_are_read_as_far_as_they_go() -> None:
    archive = Archive(Reader.of(around(b"", MAIN.replace(b"\6\0", b"\6\x21"))))
    first, second = archive.members(archive.header())
    assert isinstance(first, Part)
    assert isinstance(second, Part | Gap)
