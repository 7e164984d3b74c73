"""From judgements to lines: nothing that was not looked at is OK."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.names import ORIGINS, RuleName
from clearward.core.reasons import ALL, Reason
from clearward.core.verdict import Outcome
from clearward.faces.clamd.lines import Lines, clamd_name
from clearward.service.judgement import Judgement

FOUND = Judgement(Outcome.FOUND, (RuleName("A.B", "local", 0, "clamav"),))


def line(judgement: Judgement, lines: Lines | None = None) -> bytes:
    return b"|".join((lines or Lines()).of(b"/a b", judgement))


def unscanned(reasons: Reason, size: int = 0) -> Judgement:
    return Judgement(Outcome.UNSCANNED, (), reasons, size)


def test_clean_and_found() -> None:
    assert line(Judgement(Outcome.CLEAN)) == b"/a b: OK"
    assert line(FOUND) == b"/a b: A.B.UNOFFICIAL FOUND"


def test_each_rule_has_its_line_and_none_has_two() -> None:
    names = [RuleName(name, "bundle", 0, "clamav") for name in ("A", "B", "A")]
    judgement = Judgement(Outcome.FOUND, tuple(names))
    assert line(judgement) == b"/a b: A FOUND|/a b: B FOUND"


@pytest.mark.parametrize(
    ("reasons", "text"),
    [
        (Reason.TIME_LIMIT, b"Exceeded time limit ERROR"),
        (Reason.MEMORY_LIMIT, b"Can't allocate memory ERROR"),
        (Reason.NOT_REGULAR, b"Not supported file type ERROR"),
        (Reason.PERMISSION, b"Access denied. ERROR"),
        (
            Reason.VANISHED,
            b"File path check failure: No such file or directory. ERROR",
        ),
        (Reason.EXCLUDED, b"Excluded"),
        (Reason.ENCRYPTED, b"encrypted ERROR"),
        (Reason.CORRUPT | Reason.ENCRYPTED, b"corrupt, encrypted ERROR"),
        (Reason.WORKER_DIED, b"worker-died ERROR"),
    ],
)
def test_what_was_not_looked_at_has_the_words_of_clamd(
    reasons: Reason, text: bytes
) -> None:
    assert line(unscanned(reasons)) == b"/a b: " + text


@given(st.integers(0, int(ALL)), st.booleans(), st.integers(0, 9))
def test_unscanned_is_never_ok(mask: int, alert: bool, size: int) -> None:  # noqa: FBT001 - hypothesis
    lines = Lines(alert_limits=alert, alert_encrypted=not alert, file_size=5)
    said = line(unscanned(Reason(mask), size), lines)
    assert not said.endswith(b"OK")
    assert said.endswith((b"ERROR", b" FOUND", b": Excluded"))


@pytest.mark.parametrize(
    ("reasons", "size", "name"),
    [
        (Reason.SIZE_LIMIT, 6, b"MaxFileSize"),
        (Reason.SIZE_LIMIT, 5, b"MaxScanSize"),
        (Reason.PARTS_LIMIT, 0, b"MaxFiles"),
        (Reason.DEPTH_LIMIT | Reason.CORRUPT, 0, b"MaxRecursion"),
        (Reason.TIME_LIMIT, 0, b"MaxScanTime"),
    ],
)
def test_a_limit_is_found_where_that_is_asked_for(
    reasons: Reason, size: int, name: bytes
) -> None:
    lines = Lines(alert_limits=True, file_size=5)
    said = b"/a b: Heuristics.Limits.Exceeded." + name + b" FOUND"
    assert line(unscanned(reasons, size), lines) == said
    assert line(unscanned(reasons, size)).endswith(b" ERROR")


def test_encrypted_is_no_limit() -> None:
    judgement = unscanned(Reason.ENCRYPTED)
    assert line(judgement, Lines(alert_limits=True)) == b"/a b: encrypted ERROR"


def test_what_is_encrypted_is_found_where_that_is_asked_for() -> None:
    lines = Lines(alert_encrypted=True)
    said = line(unscanned(Reason.ENCRYPTED), lines)
    assert said == b"/a b: Heuristics.Encrypted FOUND"
    assert line(unscanned(Reason.CORRUPT), lines) == b"/a b: corrupt ERROR"


def test_names_are_those_of_clamd() -> None:
    official = RuleName("Eicar", "builtin", -1, "code")
    assert clamd_name(official) == b"Eicar"
    for origin in ORIGINS:
        yara = RuleName("mark", origin, 0, "yara")
        assert clamd_name(yara) == b"YARA.mark.UNOFFICIAL"
    intel = RuleName("x", "intel", 0, "digest")
    assert clamd_name(intel) == b"x.UNOFFICIAL"
    signed = RuleName("x", "local", 0, "clamav", signed=True)
    assert clamd_name(signed) == b"x"
