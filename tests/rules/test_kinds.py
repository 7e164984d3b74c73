"""What cannot hold for programs, or for other data: YARA-X is asked, too."""

import pytest
import yara_x
from support.source import one

from clearward.rules import kinds
from clearward.rules.demands import demand

PROGRAM = b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0\x4c\x01" + bytes(18) + bytes(400)
OTHERS = (b"", b"M", b"ZM" + PROGRAM[2:], b"x" + PROGRAM, b"text " * 99, bytes(999))
PE_FIELDS = (
    *("characteristics", "checksum", "dll_name", "entry_point", "image_base"),
    *("imphash()", "is_32bit()", "is_64bit()", "is_dll()", "is_signed", "machine"),
    *("number_of_exports", "number_of_imports", "number_of_sections"),
    *("number_of_signatures", "pdb_path", "sections[0].name"),
    *("signatures[0].subject", "size_of_image", "subsystem", "timestamp"),
    'version_info["a"]',
)


def matches(condition: str, data: bytes) -> bool:
    compiler = yara_x.Compiler()
    for variable in kinds.OUTSIDE_VARIABLES:
        compiler.define_global(variable, "")
    compiler.add_source(f'import "pe" rule a {{ condition: {condition} }}')
    return bool(yara_x.Scanner(compiler.build()).scan(data).matching_rules)


def never(condition: str, *, program: bool) -> bool:
    rule = one(f'import "pe" rule a {{ condition: {condition} }}')
    return demand(rule, {}, program=program).is_never


@pytest.mark.parametrize("field", PE_FIELDS)
def test_fields_of_programs_are_undefined_for_others(field: str) -> None:
    assert never(f"pe.{field} == 0", program=False)
    assert not never(f"pe.{field} == 0", program=True)
    assert not any(matches(f"defined pe.{field}", data) for data in OTHERS)


@pytest.mark.parametrize(
    "condition",
    [
        "pe.is_pe",
        'pe.exports("a")',
        'pe.imports("a", "b")',
        "for any s in pe.sections : ( true )",
        "for any i in (0..pe.number_of_sections) : ( true )",
        "uint16(0) == 0x5A4D",
        "0x4D5A == uint16be(0)",
        "uint32be(0) == 0x4D5A0000",
    ],
)
def test_what_only_programs_have_is_never_there_for_others(condition: str) -> None:
    assert never(condition, program=False)
    assert not never(condition, program=True)
    assert not any(matches(condition, data) for data in OTHERS)


@pytest.mark.parametrize(
    "condition", ["uint16(0) == 0x457f", "uint8(1) == 0", "uint32(1) == 0x5B"]
)
def test_programs_begin_with_nothing_else(condition: str) -> None:
    assert never(condition, program=True)
    assert not never(condition, program=False)
    assert not matches(condition, PROGRAM)


@pytest.mark.parametrize(
    "condition",
    [
        'filename == "x"',
        'filepath contains "x"',
        'owner iequals "x"',
        'extension endswith "x"',
    ],
)
def test_the_name_of_a_file_is_nothing(condition: str) -> None:
    assert never(condition, program=False)
    assert never(condition, program=True)
    assert not any(matches(condition, data) for data in (PROGRAM, *OTHERS))


@pytest.mark.parametrize(
    "condition",
    [
        'filename == ""',
        'filename == """"""',
        "filename matches /x*/",
        'pe.exports("a") == false',
        "not pe.is_pe",
        "not uint16(0) == 0x5A4D",
        "uint8(0) == 0x4D",
        "uint16(0) == 0x15A4D",
        "uint16(2) == 0x5A4D",
        "uint16(uint8(0)) == 0x5A4D",
        "for all s in pe.sections : ( true )",
        "for any i in (0, pe.number_of_sections) : ( true )",
        "pe.MACHINE_I386 == 332",
        "pe.",
    ],
)
def test_nothing_is_concluded_from_the_rest(condition: str) -> None:
    assert not never(condition, program=False)
