"""Behaviour of explanations of signatures: where each of their bodies matches."""

import hashlib

import pytest
from support.scans import Scan

from clearward.core.reader import Reader
from clearward.rules import signature_hits
from clearward.rules.signature_hits import MOST_SHOWN
from clearward.rules.yara import NO_STRING

Where = tuple[int, int, int]  # offset, length, number of the sub-signature
NOWHERE = (0, 0, NO_STRING)


def where(scan: Scan, data: bytes) -> list[Where]:
    """Offset, length and sub-signature of each match, in order."""
    result = scan.engine.scan(Reader.of(data), explain=True)
    explanation = result.explanation
    assert explanation is not None
    return [(one.offset, one.length, one.string) for one in explanation.matches]


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        pytest.param("0&1;68656c6c6f;776f726c64", [(3, 5, 0), (9, 5, 1)], id="bodies"),
        pytest.param("0|1;68656c6c6f;7a7a", [(3, 5, 0)], id="one of two"),
        pytest.param("0;68656c{1-4}6f72", [(3, 9, 0)], id="a gap"),
        pytest.param("0&1;6c6c;0/W[O0]+rld/i", [(5, 2, 0), (9, 5, 1)], id="regex"),
        pytest.param("0<2;6f20", [(7, 2, 0)], id="a count"),
        pytest.param("0=0;7a7a", [NOWHERE], id="nothing is there"),
    ],
)
def test_each_sub_signature_says_where(signature: str, expected: list[Where]) -> None:
    scan = Scan(ldb=f"Test.Where;Target:0;{signature}")
    assert where(scan, b"oh hello world") == expected


def test_few_of_many_are_shown() -> None:
    scan = Scan(ndb="Test.Many:0:*:61616161")
    assert where(scan, b"a" * 100) == [(at, 4, 0) for at in range(MOST_SHOWN)]


def test_a_digest_is_of_the_whole_part() -> None:
    data = b"some bytes"
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    scan = Scan(hdb=f"{digest}:{len(data)}:Test.Digest")
    assert where(scan, data) == [(0, len(data), NO_STRING)]


def test_a_view_has_no_places_in_the_part() -> None:
    scan = Scan(ndb="Test.View:7:*:736f6d652074657874")
    assert where(scan, b"\nSOME \t TEXT\n") == [NOWHERE]


def test_what_is_seen_in_the_part_and_a_view_is_told_of_the_part() -> None:
    scan = Scan(ndb="Test.Both:0:*:736f6d652074657874")
    assert where(scan, b"\n\nsome text\n") == [(2, 9, 0)]


def test_out_of_steps_the_rule_is_named_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signature_hits, "_STEPS", 0)
    scan = Scan(ndb="Test.Many:0:*:61616161")
    assert where(scan, b"a" * 100) == [NOWHERE]
