"""The fields that say what was found, or why nothing is known."""

import pytest

from clearward.core.reasons import NONE, Reason
from clearward.faces.icap.findings import (
    MOST_VIOLATIONS,
    OTHERWISE,
    error_code,
    found_fields,
    unscanned_fields,
)


def test_what_was_found_is_said_three_times() -> None:
    assert found_fields(["Eicar"]) == [
        "X-Infection-Found: Type=0; Resolution=2; Threat=Eicar;",
        "X-Violations-Found: 1",
        *("\t-", "\tEicar", "\t0", "\t0"),
        "X-Virus-ID: Eicar",
    ]


def test_each_violation_has_four_lines() -> None:
    fields = found_fields(["a;b"] + ["c"] * 50)
    assert "Threat=a_b;" in fields[0]
    assert fields[1] == f"X-Violations-Found: {MOST_VIOLATIONS}"
    assert sum(line.startswith("\t") for line in fields) == 4 * MOST_VIOLATIONS


@pytest.mark.parametrize(
    ("reasons", "code"),
    [
        (Reason.ENCRYPTED, "password_protected"),
        (Reason.CORRUPT, "decode_error"),
        (Reason.TRUNCATED, "decode_error"),
        (Reason.UNSUPPORTED, "decode_error"),
        (Reason.DEPTH_LIMIT, "max_archive_layers_exceeded"),
        (Reason.PARTS_LIMIT, "max_archive_layers_exceeded"),
        (Reason.TIME_LIMIT, "time_limit_exceeded"),
        (Reason.MEMORY_LIMIT, "memory_limit_exceeded"),
        (Reason.WORKER_DIED, "scan_failed"),
        (Reason.CHANGED, OTHERWISE),
        (NONE, OTHERWISE),
        (Reason.CORRUPT | Reason.ENCRYPTED, "password_protected"),
        (Reason.ENCRYPTED | Reason.WORKER_DIED, "scan_failed"),
    ],
)
def test_every_reason_has_a_word(reasons: Reason, code: str) -> None:
    assert error_code(reasons) == code


def test_the_reasons_are_told_as_well() -> None:
    fields = unscanned_fields("x", Reason.CORRUPT | Reason.ENCRYPTED)
    assert fields == ["X-Error-Code: x", "X-Unscanned: corrupt, encrypted"]
    assert unscanned_fields("x") == ["X-Error-Code: x"]
