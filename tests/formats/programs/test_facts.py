"""Behaviour of the facts about a part of any type."""

import hashlib
from pathlib import Path

import pytest
from support.programs import Pe, Section
from support.programs_clamscan import NEEDS_CLAMSCAN, found, marked
from support.programs_resources import (
    ADDRESS,
    block,
    text,
    tree,
    version,
    with_resources,
)

from clearward.core.reader import Reader
from clearward.formats.programs import pe
from clearward.formats.programs.facts import facts


def test_windows_programs_have_version_strings() -> None:
    content = version(block("040904b0", b"", block("Key", text("value"))))
    listed = tree(16, (ADDRESS + 0x200, len(content))).ljust(0x200, b"\0")
    data = with_resources(listed + content).build()
    assert len(facts("CL_TYPE_MSEXE", Reader.of(data)).versions) == 1


@pytest.mark.parametrize("kind", ["MSEXE", "ELF", "MACHO", "MACHO_UNIBIN"])
def test_programs_whose_headers_cannot_be_read_are_not_placed(kind: str) -> None:
    assert not facts("CL_TYPE_" + kind, Reader.of(bytes(20))).placed


@pytest.mark.parametrize("kind", ["CL_TYPE_TEXT_ASCII", "CL_TYPE_ZIP", ""])
def test_other_parts_have_only_a_size(kind: str) -> None:
    found_out = facts(kind, Reader.of(b"text"))
    assert (found_out.size, found_out.entry, found_out.placed) == (4, None, True)


SECTIONS = (
    (Section(0x1000, 0x1000, 0x33, 0x210),),
    (Section(0x1000, 0x1000, 0x5000, 0x410), Section(0x1000, 0x2000, 0, 0x600)),
)


@NEEDS_CLAMSCAN
@pytest.mark.parametrize("sections", SECTIONS)
def test_clamscan_digests_the_same_sections(
    sections: tuple[Section, ...], tmp_path: Path
) -> None:
    filled = ((0x200, marked(0x1000)[0x200:]),)
    data = Pe(sections, size=0x1000, contents=filled).build()
    program = pe.read(Reader.of(data))
    lines = [
        f"{size}:{hashlib.md5(data[start : start + size]).hexdigest()}:S{start}"  # noqa: S324 - what the list holds
        for start, size in pe.digested(program)
    ]
    expected = {f"S{start}" for start, _ in pe.digested(program)}
    assert found(tmp_path, "mdb", lines, data) == expected
