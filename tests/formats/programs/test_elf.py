"""Behaviour of the reader of ELF programs."""

import struct
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.programs_clamscan import NEEDS_CLAMSCAN, found, marked

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.programs import elf

SIZE = 0x800


@dataclass(frozen=True, slots=True)
class Elf:
    wide: bool = False
    order: str = "<"
    entry: int = 0x8048510
    segments: tuple[tuple[int, int, int], ...] = ((0x400, 0x8048400, 0x200),)
    sections: tuple[tuple[int, int], ...] = ((0, 0), (0x408, 0x40), (0x500, 0x10))
    segment_size: int | None = None
    section_size: int | None = None
    size: int = SIZE

    def build(self) -> bytes:
        word = self.order + ("Q" if self.wide else "I")
        start, segment_size, section_size = (64, 56, 64) if self.wide else (52, 32, 40)
        table = start + segment_size * len(self.segments)
        identity = b"\x7fELF" + bytes((2 if self.wide else 1, ">< ".find(self.order)))
        identity = identity[:5] + (b"\1" if self.order == "<" else b"\2") + b"\1"
        head = identity.ljust(16, b"\0") + struct.pack(self.order + "HHI", 2, 3, 1)
        head += b"".join(struct.pack(word, at) for at in (self.entry, start, table))
        sizes = (
            segment_size if self.segment_size is None else self.segment_size,
            len(self.segments),
            section_size if self.section_size is None else self.section_size,
            len(self.sections),
        )
        head += struct.pack(self.order + "IH4HH", 0, start, *sizes, 0)
        for offset, address, length in self.segments:
            if self.wide:
                row = (1, 5, offset, address, address, length, length, 16)
                head += struct.pack(self.order + "II6Q", *row)
            else:
                row = (1, offset, address, address, length, length, 5, 16)
                head += struct.pack(self.order + "8I", *row)
        for offset, length in self.sections:
            shape = "IIQQQQIIQQ" if self.wide else "10I"
            row10 = (0, 1, 0, 0, offset, length, 0, 0, 1, 0)
            head += struct.pack(self.order + shape, *row10)
        return (head + marked(SIZE)[len(head) :])[: self.size]


KINDS = [Elf(wide=wide, order=order) for wide in (False, True) for order in "<>"]


@pytest.mark.parametrize("program", KINDS)
def test_entry_point_and_sections_are_found(program: Elf) -> None:
    facts = elf.facts(Reader.of(program.build()))
    assert (facts.entry, facts.sections) == (0x510, program.sections)
    assert facts.placed


@pytest.mark.parametrize("program", [Elf(entry=0), Elf(segments=())])
def test_without_an_entry_point_it_is_the_start(program: Elf) -> None:
    assert elf.facts(Reader.of(program.build())).entry == 0


def test_without_sections_the_entry_point_is_placed() -> None:
    facts = elf.facts(Reader.of(Elf(sections=()).build()))
    assert (facts.entry, facts.sections) == (0x510, ())


BROKEN = [
    Elf(entry=0x1000),
    Elf(segment_size=33),
    Elf(section_size=41),
    Elf(sections=(), section_size=0),
    Elf(sections=((0x408, 4),) * 257),
    Elf(segments=((0, 0, 0),) * 129, size=0x10000),
    Elf(size=40),
    Elf(size=60),
    Elf(size=100),
]


@pytest.mark.parametrize("program", BROKEN)
def test_headers_that_clamscan_refuses_place_nothing(program: Elf) -> None:
    assert not elf.facts(Reader.of(program.build())).placed


@NEEDS_CLAMSCAN
@pytest.mark.parametrize("program", [*KINDS, Elf(entry=0), *BROKEN[:3]])
def test_clamscan_places_signatures_where_the_facts_say(
    program: Elf, tmp_path: Path
) -> None:
    data = program.build()
    facts = elf.facts(Reader.of(data))
    wanted = {"EP+0": 0x510, "S1+0": 0x408, "SL+0": 0x500, "EOF-16": SIZE - 16}
    lines = [
        f"{place}:6:{place}:{data[at : at + 8].hex()}" for place, at in wanted.items()
    ]
    expected = set(wanted) if facts.placed else set()
    if not facts.entry:
        expected -= {"EP+0"}
    assert found(tmp_path, "ndb", lines, data) == expected


@given(st.binary(max_size=300), st.sampled_from([1, 2]), st.sampled_from([1, 2]))
def test_arbitrary_bytes_give_facts_or_an_error(
    data: bytes, kind: int, order: int
) -> None:
    data = b"\x7fELF" + bytes((kind, order)) + data
    try:
        facts = elf.read(Reader.of(data))
    except Malformed as error:
        assert 0 <= error.offset <= max(len(data), 64)
    else:
        assert facts.placed
