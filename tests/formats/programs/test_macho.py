"""Behaviour of the reader of Mach-O programs."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.programs_clamscan import NEEDS_CLAMSCAN, found, marked

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.programs import macho

SIZE = 0x800
SECTIONS = ((0x1400, 0x40, 0x400), (0x1500, 0x12, 0x500))
I386, POWERPC = 7, 18


def program(
    magic: bytes, cpu: int = POWERPC, entry: int = 0x1410, count: int = 2
) -> bytes:
    layout = macho.LAYOUTS[magic]
    wide = layout.segment != 1
    order = layout.order
    rows = b""
    for address, size, offset in SECTIONS:
        rows += struct.pack(
            order + ("32sQQII20x4x" if wide else "32sIIII20x"),
            b"__text".ljust(32, b"\0"),
            *(address, size, offset, 2),
        )
    shape = order + ("IIQQQQIIII" if wide else "IIIIIIIIII")
    length = layout.sections + len(rows)
    numbers = (0x1000, 0x1000, 0, SIZE, 7, 7, len(SECTIONS), 0)
    head = struct.pack(order + "II", layout.segment, length) + b"__TEXT".ljust(
        16, b"\0"
    )
    segment = head + struct.pack(shape, 0, 0, *numbers)[8:] + rows
    state = struct.pack(order + "4I", 5, 16 + 160, 1, 40)
    thread = state + struct.pack(order + "I", entry) + bytes(156)
    commands = segment + thread
    start = magic + struct.pack(order + "6I", cpu, 0, 2, count, len(commands), 0)
    data = start.ljust(layout.start, b"\0") + commands
    return data + marked(SIZE)[len(data) :]


@pytest.mark.parametrize("magic", macho.LAYOUTS)
def test_sections_are_found_and_sizes_are_aligned(magic: bytes) -> None:
    facts = macho.facts(Reader.of(program(magic)))
    assert facts.placed
    assert facts.sections == ((0x400, 0x40), (0x500, 0x14))
    assert facts.entry == 0x410


def test_entry_points_of_other_processors_are_the_start() -> None:
    magic = b"\xce\xfa\xed\xfe"
    assert macho.facts(Reader.of(program(magic, I386))).entry == 0


@pytest.mark.parametrize("count", [0, 3, 0xFFFFFFFF])
def test_wrong_numbers_of_commands_place_nothing(count: int) -> None:
    data = program(b"\xfe\xed\xfa\xce", count=count)[:500]
    assert not macho.facts(Reader.of(data)).placed


@NEEDS_CLAMSCAN
@pytest.mark.parametrize("magic", macho.LAYOUTS)
def test_clamscan_places_signatures_where_the_facts_say(
    magic: bytes, tmp_path: Path
) -> None:
    data = program(magic)
    wanted = {"S0+0": 0x400, "S1+0": 0x500, "SL+0": 0x500, "EOF-16": SIZE - 16}
    if magic == b"\xfe\xed\xfa\xce":
        wanted["EP+0"] = 0x410
    lines = [
        f"{place}:9:{place}:{data[at : at + 8].hex()}" for place, at in wanted.items()
    ]
    assert found(tmp_path, "ndb", lines, data) == set(wanted)


@given(st.sampled_from(list(macho.LAYOUTS)), st.binary(max_size=300))
def test_arbitrary_bytes_give_facts_or_an_error(magic: bytes, data: bytes) -> None:
    data = magic + data
    try:
        facts = macho.read(Reader.of(data))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
    else:
        assert facts.placed
