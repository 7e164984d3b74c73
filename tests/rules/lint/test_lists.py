"""Digest lists and ClamAV's signatures."""

import pytest

from clearward.rules.lint.finding import Finding
from clearward.rules.lint.lists import findings
from clearward.rules.source import Source

ONE, TWO = "aa" * 32, "bb" * 32


def found(kind: str, text: str) -> list[tuple[str, Finding]]:
    return list(findings(Source(0, f"a.{kind}", kind, "local", text.encode())))


def why(kind: str, text: str) -> list[tuple[str, str]]:
    return [(name, finding.why) for name, finding in found(kind, text)]


def test_digests_that_say_what_they_are_of_are_good() -> None:
    assert found("sha256", f"{ONE}  Win.Trojan.Example-1\n{TWO}  Linux.Miner\n") == []


def test_a_list_with_others_is_one_finding() -> None:
    text = f"{ONE}  annual report\n{TWO}\n{'cc' * 32}  Win.Worm.A\n"
    ((_, finding),) = found("sha256", text)
    assert finding.why == "opaque-hash"
    assert finding.detail.startswith("2 of 3 digests")


def test_lists_of_clamav_are_read_as_well() -> None:
    assert why("hdb", f"{'aa' * 16}:10:budget\n") == [("budget", "opaque-hash")]
    assert found("hsb", f"{ONE}:10:Win.Test.EICAR_HDB-1\n") == []


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("ndb", "Spy:0:*:" + b"TOP SECRET".hex()),
        ("ndb", "Spy:0:*:" + "top secret".encode("utf-16-le").hex()),
        ("ndb", "Spy:0:*:" + b"TOP SEC".hex() + "{0-3}" + b"RET//".hex()),
        ("ndb", "Spy:0:*:" + bytes(one ^ 90 for one in b"STRENG GEHEIM").hex()),
        ("ldb", "Spy;Target:0;0&1;" + b"STRENG".hex() + ";" + b"GEHEIM".hex()),
        ("ldb", "Spy;Target:0;0;0/top\\s+secret/i"),
    ],
)
def test_markings_in_signatures_are_found(kind: str, line: str) -> None:
    assert why(kind, line + "\n") == [("Spy", "marking")]


def test_words_alone_are_for_review() -> None:
    line = "Spy:0:*:" + b"Glass Lantern".hex()
    assert why("ndb", line) == [("Spy", "document-words")]


@pytest.mark.parametrize(
    "line",
    [
        "Win.A:1:*:" + b"Glass Lantern".hex(),
        "Win.A:0:*:" + b"kernel32.dll".hex(),
        "Win.A:0:*:4d5a??90{4-8}0300",
        "broken",
    ],
)
def test_signatures_of_malware_are_good(line: str) -> None:
    assert why("ndb", line) == []


def test_other_kinds_have_no_findings() -> None:
    assert found("fp", "aa:1:x\n") == []
