"""Tests of clearward.faces.http.results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.names import RuleName
from clearward.core.reasons import ALL, NONE, Reason
from clearward.core.verdict import Outcome
from clearward.faces.http.results import answer, scan_result
from clearward.service.judgement import Judgement

RULE = RuleName("Eicar", "builtin", -1, "code")


def unscanned(reasons: Reason) -> Judgement:
    return Judgement(Outcome.UNSCANNED, (), reasons)


@pytest.mark.parametrize(
    ("reasons", "result"),
    [
        (Reason.ENCRYPTED, "NON_SCANNED (PASSWORD PROTECTED)"),
        (Reason.ENCRYPTED | Reason.CORRUPT, "NON_SCANNED (PASSWORD PROTECTED)"),
        (Reason.CORRUPT, "NON_SCANNED (CORRUPTED)"),
        (Reason.TRUNCATED | Reason.SIZE_LIMIT, "NON_SCANNED (CORRUPTED)"),
        (Reason.SIZE_LIMIT, "NON_SCANNED (SKIPPED)"),
        (Reason.PARTS_LIMIT, "NON_SCANNED (SKIPPED)"),
        (Reason.DEPTH_LIMIT, "NON_SCANNED (SKIPPED)"),
        (Reason.TIME_LIMIT, "NON_SCANNED (SKIPPED)"),
        (Reason.MEMORY_LIMIT, "NON_SCANNED (SKIPPED)"),
        (Reason.UNSUPPORTED, "NON_SCANNED (SKIPPED)"),
        (Reason.WORKER_DIED, "SERVER_ERROR"),
        (Reason.WORKER_DIED | Reason.ENCRYPTED, "SERVER_ERROR"),
        (Reason.VANISHED, "SERVER_ERROR"),
        (Reason.PERMISSION, "SERVER_ERROR"),
    ],
)
def test_each_reason_has_its_word(reasons: Reason, result: str) -> None:
    assert scan_result(unscanned(reasons)) == result


@given(st.integers(1, int(ALL)))
def test_what_was_not_scanned_is_never_clean(reasons: int) -> None:
    result = scan_result(unscanned(Reason(reasons)))
    assert result == "SERVER_ERROR" or result.startswith("NON_SCANNED (")


def test_a_find_wins_over_a_gap() -> None:
    judgement = Judgement(Outcome.FOUND, (RULE,), Reason.ENCRYPTED)
    assert answer(judgement, "memory") == {
        "object": "memory",
        "scanResult": "DETECT",
        "detectionName": "Eicar",
        "subObjectsScanResults": [],
    }


def test_clean_has_no_name_and_gives_back_what_the_client_called_it() -> None:
    assert answer(Judgement(Outcome.CLEAN, (), NONE), "/a/b", "b") == {
        "object": "/a/b",
        "name": "b",
        "scanResult": "CLEAN",
        "detectionName": "",
        "subObjectsScanResults": [],
    }
