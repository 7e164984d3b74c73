"""Behaviour of the reader of Symbian's installation files."""

import zlib
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import sis

START = 100


def file(*each: bytes, kind: int = 0, version: int = 200) -> tuple[bytes, bytes]:
    """A record, with offsets from 0 on, and the content it is about."""
    record = pack("<IIIIIII", kind, 0, 0, 0, 0, 4, 8)
    record += b"".join(pack("<I", len(one)) for one in each)
    place = 0
    for one in each:
        record += pack("<I", 2000 + place)
        place += len(one)
    if version >= 200:
        record += bytes(4 * len(each) + 8)
    return record, b"".join(each)


def archive(
    *records: bytes, content: bytes = b"", languages: int = 1, version: int = 200
) -> bytes:
    head = bytearray(START)
    head[4:12] = b"\x12\x3a\0\x10\x19\x04\0\x10"
    head[18:22] = pack("<HH", languages, len(records))
    head[32:36] = pack("<I", version)
    head[52:56] = pack("<I", START)
    return (bytes(head) + b"".join(records)).ljust(2000, b"\0") + content


def found(data: bytes) -> tuple[list[bytes], list[str], str]:
    parts, gaps, field = collect(sis.unpack(Reader.of(data)))
    return parts, [gap.word for gap in gaps], field


@given(st.binary(max_size=50), st.sampled_from([100, 200]))
def test_packed_and_stored_files_come_back(data: bytes, version: int) -> None:
    record, content = file(zlib.compress(data), b"plain", kind=1, version=version)
    whole = archive(record, content=content, languages=2, version=version)
    wanted = [data, b"plain"]
    assert [part for part in found(whole)[0] if part] == [x for x in wanted if x]


def test_other_records_are_passed_over() -> None:
    record, content = file(b"plain")
    others = (
        pack("<II", 2, 1) + bytes(8 + 16),
        pack("<II", 3, 5) + b"12345",
        pack("<I", 5),
        pack("<I", 6),
    )
    data = archive(*others, record, content=content)
    assert found(data) == ([b"plain"], [], "")
    assert named(sis.unpack(Reader.of(data)))[0][0] == data[8:12]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (archive(pack("<I", 9)), ([], [], "kind of a record")),
        (archive(file(b"plain")[0], content=b"pla"), ([b"pla"], ["truncated"], "")),
        (archive(file(b"plain")[0])[:120], ([], [], "record")),
        (archive()[:20], ([], [], "header length")),
    ],
)
def test_damage_is_reported(data: bytes, wanted: object) -> None:
    assert found(data) == wanted


@given(st.integers(0, 7), st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(kind: int, data: bytes) -> None:
    for each in (archive(pack("<I", kind) + data), data, archive(data, data)):
        try:
            contents(sis.unpack(Reader.of(each)))
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
