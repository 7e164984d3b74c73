"""Behaviour of tables of tables, by which disks of QEMU and VMware lie in a file."""

from collections.abc import Iterator
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import named

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks import whole as limits
from clearward.formats.disks.tables import Tables
from clearward.formats.disks.whole import disk

BLOCK, PER_TABLE = 16, 4


def made(file: bytes, entries: int = 3) -> Tables:
    """Entries of 4 bytes, which are places; the first table stands at the front."""
    reader = Reader.of(file)
    return Tables(
        reader,
        first=0,
        entries=entries,
        per_table=PER_TABLE,
        width=4,
        order="little",
        place_of=int,
        is_there=bool,
        read=lambda place: reader.at(place, BLOCK),
    )


def file(firsts: tuple[int, ...], seconds: dict[int, int], size: int = 200) -> bytes:
    """A file whose second tables stand at 16, 32 and so on, and have these entries."""
    data = bytearray(pack(f"<{len(firsts)}I", *firsts).ljust(size, b"."))
    data[16:64] = bytes(48)
    for place, entry in seconds.items():
        data[place : place + 4] = entry.to_bytes(4, "little")
    return bytes(data)


SAMPLE = file((16, 0, 32), {20: 100, 32: 120})


def test_blocks_are_found_and_others_are_zeros() -> None:
    items = list(disk(made(SAMPLE), 12 * BLOCK, BLOCK))
    zeros = bytes(BLOCK)
    expected = [zeros] * 12
    expected[1] = expected[8] = b"." * BLOCK
    assert named(items) == [(b"disk", b"".join(expected))]
    assert list(made(SAMPLE).there()) == [1, 8]


def test_blocks_behind_the_end_are_said_once() -> None:
    items = disk(made(file((16,), {16: 999, 20: 998, 24: 40}), 1), 64, BLOCK)
    part = next(items)
    assert isinstance(part, Part)
    assert isinstance(part.content, Reader)
    assert part.content.at(0, 64) == bytes(64)[:32] + bytes(32)
    assert list(items) == [Gap(Reason.TRUNCATED, b"disk")]


def test_a_disk_that_is_too_large_shows_its_front_and_its_blocks_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "LARGEST", 100)
    monkeypatch.setattr(limits, "FRONT", 32)
    parts: Iterator[Item] = disk(made(SAMPLE), 12 * BLOCK, BLOCK)
    front, held, whole = (item for item in parts if isinstance(item, Part))
    assert isinstance(held.content, Reader)
    assert held.content.at(0, 99) == b"." * 2 * BLOCK
    assert (front.guessed, held.guessed, whole.guessed) == (True, True, False)
    assert isinstance(front.content, Reader)
    assert front.content.at(0, 99) == bytes(BLOCK) + b"." * BLOCK
    assert isinstance(whole.content, Reader)
    assert whole.content.size == 12 * BLOCK


def test_no_more_blocks_are_put_together_than_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "LARGEST", 100)
    monkeypatch.setattr(limits, "MOST_BLOCKS", BLOCK)
    _, held, _ = disk(made(SAMPLE), 12 * BLOCK, BLOCK)
    assert isinstance(held, Part)
    assert isinstance(held.content, Reader)
    assert held.content.size == BLOCK


def test_a_table_that_is_named_again_and_again_is_looked_at_once() -> None:
    data = file((16,) * 40, {}, 400)
    data = data[:160] + pack("<4I", 200, 200, 200, 200) + data[176:]
    data = pack("<40I", *(160,) * 40) + data[160:]
    assert list(made(data, 40).there()) == [0, 1, 2, 3]


@given(st.binary(max_size=300), st.integers(0, 10**6))
def test_arbitrary_tables_give_blocks(data: bytes, entries: int) -> None:
    found = made(data, entries)
    for number in found.there():
        assert len(found.load(number)) <= BLOCK
