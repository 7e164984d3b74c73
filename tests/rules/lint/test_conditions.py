"""What conditions demand."""

import pytest
from support.source import one

from clearward.rules.lint.conditions import demands_code, document_header

STRINGS = '$c1 = "code" $c2 = "code" $w1 = "words" $w2 = "words"'


def demands(condition: str) -> bool:
    rule = one(f"rule a {{ strings: {STRINGS} condition: {condition} }}")
    return demands_code(rule, lambda name: name.startswith("$c"), {"before": True})


@pytest.mark.parametrize(
    "condition",
    [
        "$c1",
        "$c1 at 0",
        "#c1 > 2",
        "all of them",
        "3 of them",
        "any of ($c*)",
        "$w1 and $c1",
        "($w1 and $c1) or $c2",
        "uint16(0) == 0x5A4D and $w1",
        "pe.is_pe and $w1",
        "for any i in (1..3) : ($c1 at i)",
        "for all of ($c*) : ($)",
        "before",
        "uint32be(0) == 0x7F454C46",
    ],
)
def test_code_is_demanded(condition: str) -> None:
    assert demands(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "$w1",
        "any of them",
        "2 of them",
        "$w1 or $c1",
        "not $c1",
        "none of ($c*)",
        "uint16(0) == 0x5A4D or $w1",
        "uint16(0) != 0x5A4D",
        "uint32(0) == 0x46445025",
        "filesize < 2MB",
        "uint8(0) == 77",
        "50% of them",
        "true",
    ],
)
def test_no_code_is_demanded(condition: str) -> None:
    assert not demands(condition)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("uint32(0) == 0x04034b50", True),
        ("uint32be(0) == 0x25504446", True),
        ("uint16(0) == 0x5A4D", False),
        ("filesize == 0x4b50", False),
    ],
)
def test_headers_of_documents_are_known(condition: str, expected: bool) -> None:  # noqa: FBT001 - a case
    tokens = one(f"rule a {{ condition: {condition} }}").tokens
    assert document_header(tokens) is expected
