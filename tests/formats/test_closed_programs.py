"""Behaviour of the search for data of installers that programs carry."""

import base64
import gzip
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.carriers import ALONE, PROGRAMS, elf, hostile, windows
from support.closed import Rows

from clearward.formats.closed_programs import CHECKS
from clearward.formats.embedded.overlay import SEARCHED

ROWS = Rows(CHECKS.values())
recognised = ROWS.recognised


NSIS = bytes(4) + b"\xef\xbe\xad\xdeNullsoftInst" + bytes(40)
AUTOIT = b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7dAU3!EA06"

ARCHIVES = {
    "nsis": NSIS,
    "inno": b"Inno Setup Setup Data (6.2.0)".ljust(64, b"\0"),
    "inno data": b"idska32\x1a" + bytes(30),
    "installshield stream": b"ISSetupStream\0" + bytes(30),
    "installshield cabinet": b"ISc(\0\x95\0\x01" + bytes(5) + b"\x02" + bytes(30),
    "installshield": b"InstallShield\0" + struct.pack("<I", 5) + bytes(30),
    "autoit": AUTOIT + bytes(30),
    "pyinstaller": b"x" * 99 + b"MEI\x0c\x0b\x0a\x0b\x0e" + bytes(80),
}
ANY_PROGRAM = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


@ANY_PROGRAM
@pytest.mark.parametrize("archive", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_behind_a_program_is_found(program: bytes, archive: bytes) -> None:
    assert recognised(program + archive) == ["installer"]
    assert recognised(program + bytes(777) + archive) == ["installer"]


@ANY_PROGRAM
def test_a_program_alone_carries_nothing(program: bytes) -> None:
    assert recognised(program) == []
    assert recognised(program + b"a signature" * 100) == []


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(b"InstallShield\0 is a word", id="installshield, a word"),
    ],
)
def test_a_magic_alone_is_not_enough(behind: bytes) -> None:
    assert recognised(PROGRAMS["pe"] + behind) == []


def test_false_magics_do_not_hide_a_true_one() -> None:
    false = b"InstallShield\0 is a word"
    true = ARCHIVES["installshield"]
    assert recognised(PROGRAMS["pe"] + false * 900) == []
    assert recognised(PROGRAMS["pe"] + false * 900 + true) == ["installer"]


def test_a_flood_of_false_magics_is_not_looked_through() -> None:
    assert recognised(PROGRAMS["pe"] + b"InstallShield\0 is a word" * 2000) == [
        "installer"
    ]


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("archive", [NSIS, AUTOIT], ids=["nsis", "autoit"])
def test_an_archive_among_the_resources_is_found(archive: bytes, wide: bool) -> None:  # noqa: FBT001
    data = bytes(100) + archive
    sections = ((0x1000, b"code" * 100), (0x2000, data), (0x3000, b"more" * 100))
    assert recognised(windows(*sections, wide=wide)) == []
    found = recognised(windows(*sections, wide=wide, resources=0x2000))
    assert found == ["installer"]


def test_a_magic_in_code_is_no_archive() -> None:
    assert recognised(windows((0x1000, AUTOIT + NSIS))) == []


def test_a_program_that_is_cut_short_or_lies_about_its_header_raises_nothing() -> None:
    whole = PROGRAMS["pe32+"] + NSIS
    for size in range(0, len(whole), 7):
        recognised(whole[:size])
    for place in (0, 2, 0x7FFFFFFF, 0xFFFFFFFF):
        recognised(whole[:60] + struct.pack("<I", place) + whole[64:])


def test_an_elf_program_of_an_unknown_class_or_order_is_passed_over() -> None:
    for place in (4, 5):
        program = bytearray(elf() + NSIS)
        program[place] = 7
        assert recognised(bytes(program)) == []
    assert recognised(elf()[:40]) == []


def test_segments_of_an_unknown_size_are_passed_over() -> None:
    program = bytearray(elf() + NSIS)
    program[54] = 57
    assert recognised(bytes(program)) == ["installer"]


def test_only_the_start_of_an_overlay_is_searched() -> None:
    far = bytes(SEARCHED) + NSIS
    assert recognised(PROGRAMS["pe"] + far) == []
    assert recognised(PROGRAMS["pe"] + far[len(NSIS) :]) == ["installer"]


@pytest.mark.parametrize("kind", [b"AI\x01", b"AI\x02"])
def test_an_appimage_is_known_by_its_mark(kind: bytes) -> None:
    program = bytearray(elf())
    program[8:11] = kind
    assert recognised(bytes(program)) == ["appimage"]
    program[10] = 3
    assert recognised(bytes(program)) == []


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(base64.b64encode(gzip.compress(b"tar", mtime=0)), id="base64"),
        pytest.param(b"Salted__" + bytes(range(128, 150)), id="encrypted"),
        pytest.param(b"# generated using Makeself 2.4.5\n", id="makeself"),
    ],
)
def test_an_archive_behind_a_script_is_found(behind: bytes) -> None:
    assert recognised(b"#!/bin/sh\nexit\n" + behind) == ["shellarchive"]


@pytest.mark.parametrize("behind", ALONE.values(), ids=ALONE)
def test_a_script_without_one_carries_nothing(behind: bytes) -> None:
    assert recognised(b"#!/bin/sh\nexit\n" + behind) == []


@given(st.sampled_from(sorted(PROGRAMS)), st.binary(max_size=400), st.integers(0, 300))
def test_arbitrary_bytes_in_a_program_raise_nothing(
    name: str, data: bytes, place: int
) -> None:
    for program in hostile(PROGRAMS[name], data, place):
        recognised(program)
