"""Behaviour of the 7z reader; py7zr writes what it reads."""

import io
import zlib

import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import contents, gaps, named

from clearward.core.errors import Malformed
from clearward.core.part import Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.unpack import seven_zip

Filters = list[dict[str, int]]

FILTERS = {
    "copy": [{"id": py7zr.FILTER_COPY}],
    "lzma": [{"id": py7zr.FILTER_LZMA}],
    "lzma2": [{"id": py7zr.FILTER_LZMA2}],
    "delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2}],
    "x86": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2}],
    "arm": [{"id": py7zr.FILTER_ARM}, {"id": py7zr.FILTER_LZMA2}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "ppmd": [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 20}],
}


def archive(
    members: dict[str, bytes],
    filters: Filters | None = None,
    password: str | None = None,
) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=filters, password=password) as made:
        for name, data in members.items():
            made.writestr(data, name)
    return out.getvalue()


def read(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(seven_zip.unpack(Reader.of(data)))


@pytest.mark.parametrize("method", sorted(FILTERS))
def test_members_come_back_whatever_packed_them(method: str) -> None:
    members = {"a.txt": b"some text, " * 500, "b.bin": bytes(range(256)) * 40}
    found = dict(read(archive(members, FILTERS[method])))
    assert found[b"a.txt"] == members["a.txt"]
    assert found[b"b.bin"] == members["b.bin"]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=5))
def test_members_come_back_in_order(members: list[bytes]) -> None:
    data = archive({str(number): each for number, each in enumerate(members)})
    assert contents(seven_zip.unpack(Reader.of(data))) == members


def test_encrypted_members_are_encrypted() -> None:
    data = archive({"a": b"secret" * 10}, password="word")  # noqa: S106 - a test's
    assert Reason.ENCRYPTED in gaps(seven_zip.unpack(Reader.of(data)))


def test_bytes_behind_the_archive_are_a_part() -> None:
    data = archive({"a": b"content"}) + b"something behind"
    assert contents(seven_zip.unpack(Reader.of(data)))[-1] == b"something behind"


def test_a_wrong_checksum_is_corrupt_and_the_content_is_there() -> None:
    data = bytearray(archive({"a": b"content"}, FILTERS["copy"]))
    data[data.index(b"content")] ^= 1
    item = next(iter(seven_zip.unpack(Reader.of(bytes(data)))))
    assert isinstance(item, Part)
    assert isinstance(item.content, Stream)
    assert item.content.some(100) == b"bontent"
    with pytest.raises(Malformed):
        item.content.some(1)


def test_a_header_that_lies_elsewhere_is_truncated() -> None:
    data = archive({"a": b"content" * 50})
    with pytest.raises(Malformed) as caught:
        read(data[:-10])
    assert caught.value.reason is Reason.TRUNCATED


@settings(deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes, sums: bool) -> None:  # noqa: FBT001
    start = len(data).to_bytes(8, "little")
    header = bytes(8) + start + zlib.crc32(data).to_bytes(4, "little")
    check = zlib.crc32(header).to_bytes(4, "little") if sums else bytes(4)
    whole = seven_zip.MAGIC + b"\0\4" + check + header + data
    try:
        read(whole)
    except Malformed as error:
        assert 0 <= error.offset <= len(whole)
