"""Behaviour of `rules lint`, `rules probe` and `rules review` on a command line."""

from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.spies import MALWARE, MARKED, marked


@pytest.fixture(scope="module")
def spy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("spy") / "spy.yar"
    path.write_text(marked(MARKED["ranges"]))
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "good.yar"
    path.write_text(MALWARE)
    return path


@pytest.fixture(scope="module")
def told(spy: Path) -> Ran:
    return clearward("rules", "lint", spy, "--json")


def test_a_finding_is_an_object(told: Ran, spy: Path) -> None:
    row = next(row for row in told.rows if row["why"] == "marking")
    assert row == {
        "rule": "spy",
        "file": str(spy),
        "why": "marking",
        "detail": "$a finds TOP SECRET",
    }
    assert {"marking", "probe"} <= {row["why"] for row in told.rows}


def test_the_summary_counts_rules(told: Ran) -> None:
    assert told.summary == {"rules": 1, "flagged": 1}
    assert (told.status, told.err) == (1, b"")


def test_good_rules_are_good(good: Path) -> None:
    ran = clearward("rules", "lint", good, "--json")
    assert (ran.status, ran.rows, ran.err) == (0, [], b"")
    assert ran.summary == {"rules": 7, "flagged": 0}


def test_a_line_says_rule_kind_and_what(spy: Path) -> None:
    ran = clearward("rules", "probe", spy)
    lines = ran.out.decode().splitlines()
    assert lines[0].startswith(f"{spy}: spy: probe: matches ")
    assert lines[-2:] == [
        "1 of 1 rules flagged",
        "1 not to be published without a review",
    ]
    assert ran.status == 1


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.yar"
    path.write_text("rule a { condition: \x1b[2J }")
    ran = clearward("rules", "lint", path)
    assert ran.status == 2
    assert b"not judged" in ran.out
    assert b"\x1b" not in ran.out


@pytest.mark.parametrize("name", ["missing.yar", "image.cwr"])
def test_what_is_no_source_is_one_line(tmp_path: Path, name: str) -> None:
    if name == "image.cwr":
        (tmp_path / name).write_bytes(b"x")
    ran = clearward("rules", "lint", tmp_path / name)
    assert (ran.status, ran.out) == (2, b"")
    assert ran.err.startswith(b"clearward: ")
    assert ran.err.count(b"\n") == 1


def test_a_review_lets_findings_pass_until_the_file_changes(
    spy: Path, tmp_path: Path
) -> None:
    rules, key = tmp_path / "a.yar", tmp_path / "anna.pem"
    rules.write_bytes(spy.read_bytes())
    made = clearward("rules", "review", "keygen", "--name", "anna", "-o", key, "--json")
    public = made.summary["vkey"]
    words = ("--key", key, "--name", "anna", "-o", tmp_path / "record", "--json")
    signed = clearward("rules", "review", "sign", rules, *words)
    assert signed.status == 0
    assert signed.summary["covered"] == len(signed.rows)
    trusted = ("--review", tmp_path / "record", "--key", public, "--json")
    checked = clearward("rules", "review", "check", rules, *trusted)
    assert (checked.status, checked.summary) == (0, {"blocking": 2, "uncovered": 0})
    rules.write_bytes(spy.read_bytes() + b"\n")
    checked = clearward("rules", "review", "check", rules, *trusted)
    assert (checked.status, checked.summary["uncovered"]) == (1, 2)


def test_a_record_of_a_stranger_is_refused(spy: Path, tmp_path: Path) -> None:
    keys = []
    for name in ("anna", "bert"):
        path = tmp_path / f"{name}.pem"
        made = clearward(
            "rules", "review", "keygen", "--name", name, "-o", path, "--json"
        )
        keys.append(made.summary["vkey"])
    record = tmp_path / "record"
    words = ("--key", tmp_path / "anna.pem", "--name", "anna", "-o", record)
    assert clearward("rules", "review", "sign", spy, *words).status == 0
    ran = clearward(
        "rules", "review", "check", spy, "--review", record, "--key", keys[1]
    )
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)
    assert b"key that is not known: anna" in ran.err
