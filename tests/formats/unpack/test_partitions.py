"""Behaviour of the reader of partition tables."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import partitions

Entry = tuple[int, int, int]


def table(*entries: Entry) -> bytes:
    rows = b"".join(struct.pack("<B3xB3xII", 0, *entry) for entry in entries)
    return bytes(446) + rows.ljust(64, b"\0") + b"\x55\xaa"


def disk(*sectors: bytes) -> Reader:
    return Reader.of(b"".join(each.ljust(512, b"\0") for each in sectors))


def guid(
    sector: int, *spans: tuple[int, int], count: int = 0, size: int = 128
) -> Reader:
    head = b"EFI PART".ljust(72, b"\0")
    head += struct.pack("<QII", 2, count or len(spans) + 1, size)
    rows = b"".join(
        (b"k" * 32 + struct.pack("<QQQ", *span, 0)).ljust(128, b"\0") for span in spans
    )
    data = table((0xEE, 1, 99)).ljust(sector, b"\0") + head.ljust(sector, b"\0")
    data += rows.ljust(sector, b"\0") + b"a" * sector + b"b" * sector
    return Reader.of(data)


def test_each_partition_is_a_part() -> None:
    whole = disk(table((6, 1, 1), (0x83, 2, 2)), b"first", b"second", b"more")
    parts = contents(partitions.unpack_mbr(whole))
    assert [len(part) for part in parts] == [512, 1024]
    assert parts[0].startswith(b"first")


def test_partitions_in_an_extended_one_are_parts() -> None:
    whole = disk(
        table((0x0F, 1, 5)),
        table((6, 1, 1), (5, 2, 2)),
        b"first",
        table((6, 1, 1), (5, 2, 2)),  # leads to itself
        b"second",
    )
    parts = contents(partitions.unpack_mbr(whole))
    assert [part[:6] for part in parts] == [b"first\0", b"second"]


def test_a_partition_behind_the_end_is_read_and_said() -> None:
    whole = disk(table((6, 1, 3), (6, 9, 1)), b"first")
    parts, _, field = collect(partitions.unpack_mbr(whole))
    assert [part[:5] for part in parts] == [b"first"]
    assert field == "partition beyond the disk"


@pytest.mark.parametrize("sector", [512, 4096])
def test_each_partition_of_a_guid_table_is_a_part(sector: int) -> None:
    whole = guid(sector, (3, 3), (4, 4), (3, 3))
    assert contents(partitions.unpack_gpt(whole, sector)) == [
        b"a" * sector,
        b"b" * sector,
    ]
    assert contents(partitions.unpack_mbr(whole)) == []


def test_damage_of_a_guid_table_is_said() -> None:
    many = guid(512, (3, 3), count=5000)
    with pytest.raises(Truncated):
        gaps(partitions.unpack_gpt512(many))
    assert next(partitions.unpack_gpt512(many)).reason is Reason.PARTS_LIMIT  # type: ignore[union-attr]
    with pytest.raises(Malformed):
        gaps(partitions.unpack_gpt512(guid(512, (3, 3), size=5)))
    with pytest.raises(Truncated):
        gaps(partitions.unpack_gpt512(Reader.of(bytes(520))))


@given(st.binary(max_size=1200), st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_inside_the_disk(data: bytes, rows: bytes) -> None:
    whole = bytes(446) + rows.ljust(66, b"\0") + data
    for unpack in (partitions.unpack_mbr, partitions.unpack_gpt512):
        try:
            parts = contents(unpack(Reader.of(whole)))
            assert all(len(part) <= len(whole) for part in parts)
        except Malformed as error:
            assert 0 <= error.offset <= len(whole)
