"""Behaviour of the reader of Windows programs."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.programs import TEXT, Pe, Section
from support.programs_clamscan import NEEDS_CLAMSCAN, found, marked

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.programs import pe

BEYOND = Section(0x1000, 0x2000, 0x200, 0x10000)


def entry(program: Pe) -> int | None:
    facts = pe.facts(Reader.of(program.build()))
    assert facts.placed is (facts.entry is not None)
    return facts.entry


def sections(program: Pe) -> list[tuple[int, int]]:
    return list(pe.facts(Reader.of(program.build())).sections)


@pytest.mark.parametrize("plus", [False, True])
def test_the_entry_point_is_found_through_its_section(*, plus: bool) -> None:
    program = pe.read(Reader.of(Pe(entry=0x1010, plus=plus).build()))
    assert program.plus is plus
    assert program.entry == 0x210
    assert len(program.directories) == 16
    assert program.directory(1) == program.directory(99) == (0, 0)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        pytest.param(Pe(entry=0x100), 0x100, id="in the headers"),
        pytest.param(Pe(entry=0), 0, id="the very start"),
        pytest.param(Pe(entry=0x300), 0x300, id="behind the headers, same page"),
        pytest.param(Pe(entry=0x1100, headers=0x1800, size=0x3000), 0x1100, id="big"),
        pytest.param(Pe(entry=0x11FF), 0x3FF, id="last byte of a section"),
        pytest.param(Pe(entry=0x1200), None, id="in memory only"),
        pytest.param(Pe(entry=0xFFF), None, id="behind the end of the file"),
        pytest.param(Pe(entry=0x300, headers=0), None, id="no headers"),
        pytest.param(Pe(entry=0xFFFFFFFF), None, id="far away"),
        pytest.param(
            Pe(entry=0x1100, sections=(TEXT, replace(TEXT, raw=0x400))),
            0x500,
            id="two sections, the last one counts",
        ),
        pytest.param(
            Pe(entry=0x1010, sections=(replace(TEXT, address=0x1010),)),
            0x210,
            id="address taken down",
        ),
        pytest.param(
            Pe(entry=0x1110, section_alignment=0, sections=(TEXT,)), 0x310, id="none"
        ),
        pytest.param(Pe(section_alignment=0x2000), None, id="taken down to zero"),
    ],
)
def test_addresses_are_mapped_as_clamscan_does(
    program: Pe, expected: int | None
) -> None:
    assert entry(program) == expected


@pytest.mark.parametrize(
    ("raw", "size", "alignment", "expected"),
    [
        (0x210, 0x33, 0x200, (0x200, 0x200)),
        (0x1FF, 0x201, 0x200, (0, 0x400)),
        (0x211, 0x33, 0x10, (0x210, 0x40)),
        (0x211, 0x33, 0, (0x211, 0x33)),
        (0x211, 0x33, 0x201, (0x201, 0x201)),
        (0x400, 0x333, 0x1000, (0x400, 0x200)),
        (0x200, 0x401, 0x200, (0x200, 0x400)),
        (0x200, 0x7FFFFFFF, 0x200, (0x200, 0x400)),
        (0x200, 0x80000000, 0x200, (0x200, 0x400)),
        (0x5FF, 0x200, 0x200, (0x400, 0x200)),
        (0x600, 0x200, 0x200, (0x600, 0)),
        (0x10000, 0, 0x200, (0x10000, 0)),
    ],
)
def test_raw_ranges_are_aligned_and_end_with_the_file(
    raw: int, size: int, alignment: int, expected: tuple[int, int]
) -> None:
    section = Section(0x1000, 0x2000, size, raw)
    program = Pe(entry=0, sections=(section,), file_alignment=alignment)
    assert sections(program) == [expected]


def test_one_section_that_breaks_the_alignment_changes_it_for_all() -> None:
    pair = (Section(0x1000, 0x1000, 0x211, 0x400), Section(0x1000, 0x2000, 1, 0x200))
    assert sections(Pe(sections=pair, file_alignment=0x400)) == [
        (0x400, 0x200),
        (0x200, 0x200),
    ]


def test_a_section_behind_the_end_keeps_its_number() -> None:
    last = Section(0x1000, 0x3000, 0x200, 0x400)
    assert sections(Pe(sections=(TEXT, BEYOND, last))) == [
        (0x200, 0x200),
        (0x10000, 0),
        (0x400, 0x200),
    ]


@pytest.mark.parametrize(
    ("program", "field"),
    [
        pytest.param(Pe(size=63), "MS-DOS header", id="short"),
        pytest.param(Pe(place=0x5F0), "COFF header", id="at the end"),
        pytest.param(Pe(place=0xFFFFFFFF), "COFF header", id="nowhere"),
        pytest.param(Pe(contents=((64, b"NE"),)), "signature", id="another kind"),
        pytest.param(Pe(count=0), "number of sections", id="no sections"),
        pytest.param(Pe(count=40, size=0x300), "section headers", id="cut table"),
        pytest.param(
            Pe(optional=0x5F), "size of the optional header", id="small optional header"
        ),
        pytest.param(
            Pe(optional=0x6F, plus=True), "size of the optional header", id="small, 64"
        ),
        pytest.param(Pe(optional=0xDF), "number of directories", id="no room"),
        pytest.param(Pe(size=0x100), "directories", id="cut directories"),
        pytest.param(Pe(size=0x80), "optional header", id="cut optional header"),
        pytest.param(Pe(entry=0x9000), "entry point", id="entry point nowhere"),
        pytest.param(
            Pe(sections=(replace(TEXT, address=0x80001000),)), "section header", id="a"
        ),
        pytest.param(
            Pe(sections=(replace(TEXT, raw_size=0xFFFFFFFF),)), "section header", id="s"
        ),
    ],
)
def test_headers_that_clamscan_cannot_read_place_nothing(
    program: Pe, field: str
) -> None:
    reader = Reader.of(program.build())
    with pytest.raises(Malformed) as caught:
        pe.read(reader)
    assert caught.value.field == field
    assert 0 <= caught.value.offset <= reader.size
    assert not pe.facts(reader).placed


@pytest.mark.parametrize("count", [17, 0xFFFFFFFF])
def test_more_directories_than_sixteen_are_sixteen(count: int) -> None:
    program = pe.read(Reader.of(Pe(directory_count=count).build()))
    assert len(program.directories) == 16


def test_many_sections_are_mapped_in_reasonable_time() -> None:
    many = (TEXT,) * 0xFFFF
    assert entry(Pe(sections=many, size=0x300000)) == 0x200


values = st.one_of(
    st.sampled_from([0, 1, 0x10, 0x200, 0x211, 0x400, 0x1000, 0x7FFFFFFF, 0xFFFFFFFF]),
    st.integers(0, 0xFFFFFFFF),
)
some_sections = st.builds(
    Section, size=values, address=values, raw_size=values, raw=values
)


@given(
    st.lists(some_sections, min_size=1, max_size=5).map(tuple),
    st.tuples(values, values, values, values),
)
def test_any_sections_lie_inside_the_file_or_are_empty(
    listed: tuple[Section, ...], others: tuple[int, int, int, int]
) -> None:
    entry_point, file, memory, headers = others
    program = Pe(listed, entry_point, 0x600, file, memory, headers)
    facts = pe.facts(Reader.of(program.build()))
    assert all(
        not size or 0 <= start <= start + size <= 0x600
        for start, size in facts.sections
    )


@given(st.binary(max_size=600), st.integers(0, 100))
def test_arbitrary_bytes_give_headers_or_an_error(data: bytes, place: int) -> None:
    start = b"MZ" + bytes(58) + place.to_bytes(4, "little") + bytes(max(place - 64, 0))
    data = start + b"PE\0\0" + data
    try:
        program = pe.read(Reader.of(data))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
    else:
        assert all(each.size <= len(data) for each in program.sections)


ODD = (
    Pe(),
    Pe(plus=True, entry=0x1010),
    Pe(entry=0x200),
    Pe(sections=(Section(0x1000, 0x1000, 0x33, 0x410),), size=0x800),
    Pe(sections=(Section(0x1000, 0x1000, 0x211, 0x600),), file_alignment=0x400),
    Pe(sections=(TEXT, Section(0x1000, 0x2000, 0x10, 0x411)), file_alignment=0x10),
    Pe(sections=(TEXT, BEYOND, Section(0x1000, 0x3000, 0x200, 0x400))),
    Pe(sections=(TEXT, replace(TEXT, raw=0x400)), entry=0x1104),
    Pe(sections=(replace(TEXT, raw_size=0x5000),), size=0x700),
    Pe(entry=0x9000),
    Pe(count=0),
)


@NEEDS_CLAMSCAN
@pytest.mark.parametrize("program", ODD)
def test_clamscan_places_signatures_where_the_facts_say(
    program: Pe, tmp_path: Path
) -> None:
    start = 64 + 24 + 0xF0 + 40 * len(program.sections)
    start += -start % 16
    filled = replace(program, contents=((start, marked(program.size)[start:]),))
    data = filled.build()
    facts = pe.facts(Reader.of(data))
    places: dict[str, int | None] = {"EP+0": facts.entry}
    places["EOF-16"] = len(data) - 16 if facts.placed else None
    for number, (offset, _) in enumerate(facts.sections):
        places[f"S{number}+0"] = offset
    if facts.sections:
        places["SL+0"] = facts.sections[-1][0]
    lines, expected = [], set()
    for place, expected_offset in places.items():
        for probe in range(start, len(data) - 8, 4):
            name = f"{place}.{probe}"
            lines.append(f"{name}:1:{place}:{data[probe : probe + 8].hex()}")
            if expected_offset == probe:
                expected.add(name)
    assert found(tmp_path, "ndb", lines, data) == expected
