"""What is found in rules of YARA."""

import pytest

from clearward.rules.lexer import Rule, read
from clearward.rules.lint.finding import Finding
from clearward.rules.lint.yara_rules import findings


def judged(text: str) -> list[Finding]:
    before: dict[str, bool] = {}
    rules: list[Rule] = list(read(text))
    made = [list(findings(rule, before)) for rule in rules]
    return made[-1]


def kinds(text: str) -> list[str]:
    return [finding.why for finding in judged(text)]


@pytest.mark.parametrize(
    "condition",
    [
        'filename contains "minister"',
        'filepath icontains "\\\\cabinet\\\\"',
        'owner == "anna"',
        'extension == ".docx"',
    ],
)
def test_where_a_file_is_and_whose_is_targeting(condition: str) -> None:
    assert kinds(f"rule a {{ condition: {condition} }}") == ["targeting"]


@pytest.mark.parametrize(
    "condition",
    [
        'uint16(0) == 0x5A4D and filename == "a.exe"',
        '$a and not filepath contains "Recycle"',
        "$a and pe.filename",
    ],
)
def test_programs_and_what_is_left_alone_are_not(condition: str) -> None:
    strings = 'strings: $a = "kernel32.dll"'
    assert kinds(f"rule a {{ {strings} condition: {condition} }}") == []


def test_the_clock_is_targeting() -> None:
    text = (
        'import "time" rule a { strings: $a = "x_y" condition: $a and time.now() > 1 }'
    )
    assert kinds(text) == ["targeting"]


def test_a_digest_is_opaque() -> None:
    text = (
        'import "hash" rule a { condition: hash.md5(0, filesize) == '
        '"d41d8cd98f00b204e9800998ecf8427e" }'
    )
    assert kinds(text) == ["opaque-hash"]


def test_a_digest_of_a_part_of_a_program_is_not() -> None:
    text = (
        'import "pe" import "hash" rule a { condition: uint16(0) == 0x5A4D and '
        'hash.md5(pe.rich_signature.clear_data) == "d41d8cd98f00b204e9800998ecf8427e" }'
    )
    assert kinds(text) == []


def test_numbers_alone_are_opaque() -> None:
    assert kinds("rule a { condition: uint8(3) + uint8(9) == 130 }") == ["opaque-hash"]


def test_a_document_without_an_exploit_is_told() -> None:
    strings = 'strings: $a = "word/document.xml" $b = "Jane Example"'
    assert kinds(f"rule a {{ {strings} condition: all of them }}") == [
        "document-words",
        "document-type",
    ]


def test_a_rule_that_leans_on_one_of_code_demands_code() -> None:
    text = (
        'private rule code { strings: $a = "kernel32.dll" condition: $a }'
        'rule words { strings: $a = "Dear friend" condition: code and $a }'
    )
    assert kinds(text) == []


def test_what_a_rule_says_about_itself_decides_nothing() -> None:
    meta = 'meta: description = "Ransomware" reference = "https://example.org"'
    text = f'rule Ransom {{ {meta} strings: $a = "Glass Lantern" condition: $a }}'
    assert kinds(text) == ["document-words"]


def test_a_marking_in_a_condition_is_told() -> None:
    text = 'rule a { condition: for any s in ("TOP SECRET", "x") : (s == "y") }'
    assert kinds(text)[0] == "marking"


def test_the_detail_says_where() -> None:
    (finding, *_) = judged('rule a { strings: $b = "NOFORN" condition: $b }')
    assert finding.detail == "$b: NOFORN"


def test_a_long_detail_is_cut() -> None:
    assert len(Finding("marking", "x" * 1000).row()[1]) == 200
