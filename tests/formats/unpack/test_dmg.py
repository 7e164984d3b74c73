"""Behaviour of the reader of macOS disk images."""

import base64
import bz2
import lzma
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps

from clearward.core.errors import Malformed
from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import dmg

SECTORS = bytes(range(256)) * 6  # three of them
ZLIB = 0x80000005


def table(sectors: int, *chunks: tuple[int, int, int, int, int]) -> bytes:
    head = struct.pack(">4s12xQQ168xI", b"mish", sectors, 0, len(chunks))
    return head + b"".join(struct.pack(">I4xQQQQ", *chunk) for chunk in chunks)


def image(data: bytes, *tables: bytes) -> bytes:
    texts = (b"<data>\n%s\n</data>" % base64.encodebytes(each) for each in tables)
    properties = b"<plist>" + b"".join(texts) + b"</plist>"
    trailer = struct.pack(">4sI16xQ184xQQ", b"koly", 4, 0, len(data), len(properties))
    return data + properties + trailer.ljust(512, b"\0")


def one(kind: int, packed: bytes) -> bytes:
    chunks = ((kind, 1, 3, 0, len(packed)), (2, 4, 1, 0, 0), (0xFFFFFFFF, 5, 0, 0, 0))
    return image(packed, table(5, *chunks))


@pytest.mark.parametrize(
    ("kind", "pack"),
    [
        (1, bytes),
        (ZLIB, zlib.compress),
        (0x80000006, bz2.compress),
        (0x80000008, lzma.compress),
    ],
)
def test_a_partition_comes_back(kind: int, pack: Callable[[bytes], bytes]) -> None:
    data = one(kind, pack(SECTORS))
    assert contents(dmg.unpack(Reader.of(data))) == [bytes(512) + SECTORS + bytes(512)]
    assert gaps(dmg.unpack(Reader.of(data))) == []


def test_pieces_of_a_partition_can_be_read_anywhere() -> None:
    data = image(SECTORS, table(3, (1, 1, 2, 512, 1024), (1, 0, 1, 0, 512)))
    (item,) = dmg.unpack(Reader.of(data))
    assert isinstance(item, Part)
    assert isinstance(item.content, Reader)
    for offset in range(0, len(SECTORS), 97):
        assert item.content.at(offset, 600) == SECTORS[offset : offset + 600]


@pytest.mark.parametrize(
    ("kind", "packed", "reason"),
    [
        (0x80000004, b"x", Reason.UNSUPPORTED),
        (0x80000007, b"x", Reason.UNSUPPORTED),
        (ZLIB, b"x" * 50, Reason.CORRUPT),
        (ZLIB, zlib.compress(b"short"), Reason.CORRUPT),
        (0x80000006, b"x" * 50, Reason.CORRUPT),
    ],
)
def test_what_cannot_be_read_is_said(kind: int, packed: bytes, reason: Reason) -> None:
    data = one(kind, packed)
    assert gaps(dmg.unpack(Reader.of(data))) == [reason]


def test_tables_that_lie_are_said() -> None:
    data = image(b"", table(1, (1, 0, 1, 1 << 40, 512)))
    assert gaps(dmg.unpack(Reader.of(data))) == [Reason.TRUNCATED]
    data = image(b"", table(1, (1, 0, 1 << 40, 0, 512)))
    assert gaps(dmg.unpack(Reader.of(data))) == [
        Reason.CORRUPT,
        Reason.MEMORY_LIMIT,
    ]
    data = image(b"", table(1, (1, 0, 1, 0, 512))[:-1])
    assert gaps(dmg.unpack(Reader.of(data))) == [Reason.TRUNCATED]
    assert collect(dmg.unpack(Reader.of(image(b""))))[2] == "property list"
    assert collect(dmg.unpack(Reader.of(b"koly")))[2] == "trailer"


@given(st.binary(max_size=300), st.integers(0, 9))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes, sectors: int) -> None:
    chunks = struct.pack(">4s12xQQ168xI", b"mish", sectors, 0, 9) + data
    for whole in (
        b"koly" + data,
        image(data, chunks),
        data + b"koly".ljust(512, b"\1"),
    ):
        try:
            contents(dmg.unpack(Reader.of(whole)))
        except Malformed as error:
            assert 0 <= error.offset <= len(whole)
