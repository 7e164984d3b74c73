"""Tests of clearward.faces.http.rows."""

from clearward.core.names import RuleName
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.http.rows import answer, row
from clearward.service.judgement import Judgement

RULE = RuleName("Eicar", "builtin", -1, "code")
FOUND = Judgement(Outcome.FOUND, (RULE,), Reason.ENCRYPTED, 9, 3, 0.0019)
CLEAN = Judgement(Outcome.CLEAN, size=1, parts=1)
UNSCANNED = Judgement(Outcome.UNSCANNED, (), Reason.TIME_LIMIT | Reason.CORRUPT, 2, 1)


def test_a_row_has_the_members_of_the_scan_schema() -> None:
    assert row("a.zip", FOUND) == {
        "name": "a.zip",
        "outcome": "found",
        "rules": [{"name": "Eicar", "origin": "builtin"}],
        "reasons": ["encrypted"],
        "bytes": 9,
        "parts": 3,
        "ms": 1.9,
        "cached": False,
    }
    assert row("", UNSCANNED)["reasons"] == ["corrupt", "time-limit"]


def test_the_outcome_of_a_request_is_the_worst_of_its_files() -> None:
    for judgements, outcome in (
        ([CLEAN, FOUND, UNSCANNED], "found"),
        ([CLEAN, UNSCANNED], "unscanned"),
        ([CLEAN], "clean"),
        ([], "unscanned"),
    ):
        names = [""] * len(judgements)
        assert answer(names, judgements, 0.0, 1, "B")["outcome"] == outcome


def test_the_summary_counts() -> None:
    said = answer(["a", "b", "c"], [CLEAN, FOUND, UNSCANNED], 0.5, 7, "A")
    assert [each["name"] for each in said["files"]] == ["a", "b", "c"]
    assert said["summary"] == {
        "files": 3,
        "clean": 1,
        "found": 1,
        "unscanned": 1,
        "bytes": 12,
        "seconds": 0.5,
        "rules": 7,
        "protection": "A",
    }
