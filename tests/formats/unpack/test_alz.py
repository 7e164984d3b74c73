"""Behaviour of the ALZ reader."""

import bz2
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import alz

END = alz.DIRECTORY + bytes(8) + b"CLZ\x02"


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACK: dict[int, Callable[[bytes], bytes]] = {
    0: bytes,
    1: bz2.compress,
    2: deflated,
}


def file(
    data: bytes, method: int = 0, *, width: int = 4, flags: int = 0, crc: int = -1
) -> bytes:
    packed = PACK.get(method, bytes)(data)
    head = alz.FILE + (4).to_bytes(2, "little") + bytes(5)
    head += bytes((width << 4 | flags, 0, method, 0))
    head += (zlib.crc32(data) if crc < 0 else crc).to_bytes(4, "little")
    head += len(packed).to_bytes(width, "little") + len(data).to_bytes(width, "little")
    return head + b"name" + bytes(12) * (flags & 1) + packed


def archive(*files: bytes) -> bytes:
    return b"ALZ\x01\x0a\0\0\0" + b"".join(files) + END


def found(data: bytes) -> tuple[list[bytes], list[str], str]:
    parts, gaps, field = collect(alz.unpack(Reader.of(data)))
    return parts, [gap.word for gap in gaps], field


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=4))
def test_files_come_back_in_order(each: list[bytes]) -> None:
    for method in PACK:
        for width in (2, 8):
            data = archive(*(file(one, method, width=width) for one in each))
            assert found(data) == (each, [], "")


def test_a_folder_is_no_part() -> None:
    folder = alz.FILE + (4).to_bytes(2, "little") + bytes(7) + b"name"
    assert found(archive(folder, file(b"1"))) == ([b"1"], [], "")
    assert named(alz.unpack(Reader.of(archive(file(b"1"))))) == [(b"name", b"1")]


def test_what_is_not_read_is_said() -> None:
    data = archive(file(b"1", flags=1), file(b"2", 9), file(b"3"))
    assert found(data) == ([b"3"], ["encrypted", "unsupported"], "")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (archive(file(b"1", crc=0)), "checksum"),
        (archive(file(b"content", 2))[:-20], "stream end"),
        (archive(file(b"1"))[: -len(END)], "record"),
        (archive(b"something else"), "record"),
        (archive(file(b"1", width=3)), "width of sizes"),
        (archive(alz.FILE), "header"),
        (archive(file(b"1"))[:30], "header"),
    ],
)
def test_damage_is_reported(data: bytes, field: str) -> None:
    if field == "header":
        data = data.removesuffix(END)
    assert found(data)[2] == field


@given(st.integers(0, 3), st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(method: int, data: bytes) -> None:
    start = archive().removesuffix(END)
    head = file(b"", method)[:-4] + b"name"
    for each in (start + data, start + alz.FILE + data, start + head + data):
        try:
            contents(alz.unpack(Reader.of(each)))
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
