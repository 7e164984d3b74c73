"""Behaviour of the EGG reader."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import egg

END = pack("<I", egg.END)


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def with_lzma(data: bytes) -> bytes:
    alone = lzma.compress(data, lzma.FORMAT_ALONE)
    return b"\x09\x14\x05\0" + alone[:5] + alone[13:]


PACK: dict[int, Callable[[bytes], bytes]] = {
    0: bytes,
    1: deflated,
    2: bz2.compress,
    4: with_lzma,
}


def extra(magic: int, data: bytes = b"") -> bytes:
    return pack("<IBH", magic, 0, len(data)) + data


def block(data: bytes, method: int = 0, crc: int = -1) -> bytes:
    packed = PACK.get(method, bytes)(data)
    crc = zlib.crc32(data) if crc < 0 else crc
    fields = (egg.BLOCK, method, 0, len(data), len(packed), crc)
    return pack("<IBBIII", *fields) + END + packed


def file(*blocks: bytes, more: bytes = b"") -> bytes:
    head = pack("<IIQ", egg.FILE, 1, 9) + extra(egg.FILE_NAME, b"name")
    return head + more + END + b"".join(blocks)


def archive(*files: bytes, more: bytes = b"") -> bytes:
    return b"EGGA" + bytes(10) + more + END + b"".join(files) + END


def found(data: bytes) -> tuple[list[bytes], list[str], str]:
    parts, gaps, field = collect(egg.unpack(Reader.of(data)))
    return parts, [gap.word for gap in gaps], field


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=3))
def test_blocks_come_back_in_order(each: list[bytes]) -> None:
    for method in PACK:
        data = archive(*(file(block(one, method)) for one in each))
        assert found(data) == (each, [], "")


def test_a_part_has_the_name_of_its_file() -> None:
    data = archive(file(block(b"1"), block(b"2")), extra(egg.COMMENT, b"comment"))
    wanted = [(b"name", b"1"), (b"name", b"2")]
    assert named(egg.unpack(Reader.of(data))) == wanted


def test_what_is_not_read_is_said() -> None:
    large = with_lzma(b"x")[:5] + b"\xff\xff\xff\x7f"
    data = archive(
        file(block(b"1"), more=extra(egg.ENCRYPTION)),
        file(block(b"2", 3)),
        file(block(b"3")),
        more=extra(egg.SPLIT, b"12345678"),
    )
    assert found(data) == ([b"3"], ["truncated", "encrypted", "unsupported"], "")
    fields = pack("<IBBIII", egg.BLOCK, 4, 0, 1 << 31, len(large), 0)
    data = archive(file(fields + END + large))
    assert found(data) == ([], ["memory-limit"], "")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (archive(file(block(b"1", crc=0))), "checksum"),
        (archive(file(block(b"1"))).removesuffix(END), "record"),
        (archive(b"something else"), "record"),
        (archive(file(block(b"1")))[:-6], "content"),
        (archive(file(block(b"1")))[:60], "block"),
    ],
)
def test_damage_is_reported(data: bytes, field: str) -> None:
    assert found(data)[2] in (field, "record")


@given(st.integers(0, 5), st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(method: int, data: bytes) -> None:
    start = archive().removesuffix(END)
    packed = pack("<IBBIII", egg.BLOCK, method, 0, 999, len(data), 0) + END
    for each in (start + data, start + file() + packed + data, b"EGGA" + data):
        try:
            contents(egg.unpack(Reader.of(each)))
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
