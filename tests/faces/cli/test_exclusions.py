"""Exclusions, from the command that makes them to the scan that tells of them."""

import hashlib
import json
from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.marks import EICAR, MARK

TWO = (
    'rule First { strings: $a = "INERT" condition: $a }\n'
    'rule Second { strings: $a = "MARK" condition: $a }\n'
)


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("CLEARWARD_HOME", str(home))
    return home


@pytest.fixture(name="rules")
def fixture_rules(tmp_path: Path) -> str:
    (tmp_path / "two.yar").write_text(TWO)
    return str(tmp_path / "two.yar")


@pytest.fixture(name="found")
def fixture_found(tmp_path: Path) -> str:
    (tmp_path / "found").write_bytes(MARK)
    return str(tmp_path / "found")


def exclude(name: str, *more: str) -> Ran:
    ran = clearward("rules", "exclude", name, "--for", "7d", "--json", *more)
    assert ran.status == 0, ran.err
    return ran


def scan(rules: str, path: str, *options: str) -> Ran:
    return clearward("scan", "--json", "--rules", rules, path, *options)


@pytest.mark.usefixtures("home")
def test_an_excluded_rule_does_not_hide_another(rules: str, found: str) -> None:
    exclude("First")
    ran = scan(rules, found)
    (row,) = ran.rows
    assert ran.status == 1
    assert row["rules"] == [{"name": "Second", "origin": "local"}]
    assert [one["name"] for one in row["excluded"]] == ["First"]
    assert ran.summary["excluded"] == ran.summary["exclusions"] == 1


@pytest.mark.usefixtures("home")
def test_what_becomes_clean_is_told_and_never_remembered(
    rules: str, found: str
) -> None:
    exclude("First")
    exclude("Second", "--reason", "known here")
    for _ in range(2):
        ran = scan(rules, found)
        (row,) = ran.rows
        assert (ran.status, row["outcome"], row["cached"]) == (0, "clean", False)
        assert [one["name"] for one in row["excluded"]] == ["First", "Second"]
        assert all(one["until"].endswith("Z") for one in row["excluded"])
    assert clearward("rules", "include", "Second").status == 0
    assert scan(rules, found).status == 1
    plain = clearward("scan", "--rules", rules, found).out.decode()
    assert "left out: First (this rule is excluded until " in plain
    assert "1 files, by 1 exclusions" in plain


@pytest.mark.usefixtures("home")
def test_a_file_is_excluded_by_its_digest_and_no_other(
    rules: str, found: str, tmp_path: Path
) -> None:
    exclude(hashlib.sha256(MARK).hexdigest().upper())
    other = tmp_path / "other"
    other.write_bytes(MARK + b".")
    ran = clearward("scan", "--json", "--rules", rules, found, str(other))
    rows = ran.by_name()
    assert rows["found"]["outcome"] == "clean"
    assert rows["found"]["excluded"][0]["sha256"] == hashlib.sha256(MARK).hexdigest()
    assert rows["other"]["outcome"] == "found"


@pytest.mark.usefixtures("home")
def test_rules_that_the_package_has_can_be_excluded_as_well(tmp_path: Path) -> None:
    (tmp_path / "eicar").write_bytes(EICAR)
    ran = clearward("scan", "--json", str(tmp_path / "eicar"), "--all-matches")
    (row,) = ran.rows
    for rule in row["rules"]:
        exclude(rule["name"])
    assert clearward("scan", str(tmp_path / "eicar")).status == 0


def test_a_damaged_file_means_that_nothing_is_excluded(
    home: Path, rules: str, found: str
) -> None:
    exclude("First")
    exclude("Second")
    (home / "exclusions.json").write_bytes(b"{")
    ran = scan(rules, found)
    assert ran.status == 1
    assert ran.rows[0]["rules"][0]["name"] == "First"
    said = f"{home}/exclusions.json: is damaged: nothing is excluded"
    assert ran.err.decode() == f"clearward: exclusions: {said}\n"
    for command in (("exclusions",), ("include", "First")):
        refused = clearward("rules", *command)
        assert refused.status == 2
        assert refused.err.decode().count("\n") == 1


@pytest.mark.usefixtures("home")
def test_what_is_excluded_is_listed_with_its_end() -> None:
    assert clearward("rules", "exclusions").out == b"nothing is excluded\n"
    (row,) = exclude("First", "--reason", "a \x1b[2Jb").rows
    assert row["in_force"]
    listed = clearward("rules", "exclusions", "--json")
    assert listed.rows == [row]
    assert listed.summary == {"exclusions": 1, "in_force": 1}
    plain = clearward("rules", "exclusions").out
    assert b"First  rule  until " in plain
    assert b"\x1b" not in plain


@pytest.mark.usefixtures("home")
def test_one_of_the_same_name_is_replaced() -> None:
    exclude("First")
    clearward("rules", "exclude", "First", "--for", "1d", "--reason", "new")
    (row,) = clearward("rules", "exclusions", "--json").rows
    assert row["reason"] == "new"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("exclude", "First"), id="no end"),
        pytest.param(("exclude", "First", "--for", "91d"), id="too long"),
        pytest.param(("exclude", "First", "--for", "ever"), id="no time"),
        pytest.param(("exclude", "two words", "--for", "1d"), id="no name"),
        pytest.param(("exclude", "\x1b[2J", "--for", "1d"), id="control"),
        pytest.param(
            ("exclude", "First", "--for", "1d", "--reason", "x" * 501), id="reason"
        ),
        pytest.param(("include", "First"), id="not excluded"),
    ],
)
def test_bad_use_is_one_line(arguments: tuple[str, ...]) -> None:
    ran = clearward("rules", *arguments)
    assert (ran.status, ran.out) == (2, b"")
    assert ran.err.count(b"\n") == 1
    assert b"\x1b" not in ran.err


@pytest.mark.usefixtures("home")
def test_the_list_of_rules_shows_what_is_excluded(rules: str) -> None:
    exclude("First")
    ran = clearward("rules", "list", "--json", "--rules", rules)
    rows = {row["name"]: row for row in map(json.loads, ran.out.splitlines())}
    assert rows["First"]["excluded_until"].endswith("Z")
    assert "excluded_until" not in rows["Second"]
    plain = clearward("rules", "list", "--rules", rules).out.decode().splitlines()
    (line,) = (line for line in plain if "excluded until" in line)
    assert line.startswith("First")
    shown = clearward("rules", "show", "First", "--rules", rules).out
    assert b"excluded_until" in shown
    info = clearward("rules", "info", rules, "--json")
    assert json.loads(info.out)["exclusions"] == ["First"]
