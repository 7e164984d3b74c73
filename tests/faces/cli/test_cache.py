"""Behaviour of `clearward cache`, as a person and a program see it."""

from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.verdicts import SPACE, made, remember, remembered, store_file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *words: str | bytes | Path, **more: str) -> Ran:
    environment = {"CLEARWARD_HOME": str(home), **more}
    return clearward("cache", *words, environment=environment)


def test_what_is_remembered_is_told(home: Path, folder: Path) -> None:
    remember(home, made(folder, 5))
    ran = run(home, "info", "--json", CLEARWARD_CACHE_LONGEST_DAYS="9.5")
    assert (ran.status, ran.err) == (0, b"")
    (row,) = ran.rows
    assert (row["rules_sha256"], row["files"]) == (SPACE.hex(), 5)
    told = ran.summary
    assert (told["files"], told["rule_images"]) == (5, 1)
    assert (told["shortest_days"], told["longest_days"]) == (7.0, 9.5)
    assert told["bytes"] > 0
    assert 0 <= told["oldest_seconds"] < 60
    assert told["folder"] == str(home / "verdicts")


def test_the_same_in_words(home: Path, folder: Path) -> None:
    remember(home, made(folder, 5))
    ran = run(home, "info")
    assert ran.status == 0
    said = ran.out.decode()
    assert "files:        5\n" in said
    assert "after 7 to 14 days" in said


def test_an_empty_memory_is_no_error(home: Path) -> None:
    ran = run(home, "info", "--json")
    assert (ran.status, ran.rows) == (0, [])
    assert (ran.summary["files"], ran.summary["oldest_seconds"]) == (0, None)
    ran = run(home, "clear", "--json")
    assert (ran.status, ran.summary) == (0, {"forgotten": 0, "failed": 0})
    assert not home.exists()


def test_everything_is_forgotten(home: Path, folder: Path) -> None:
    paths = made(folder, 5)
    remember(home, paths)
    ran = run(home, "clear")
    assert (ran.status, ran.out) == (0, b"5 files forgotten\n")
    assert remembered(home, paths) == 0


def test_what_lies_under_a_path_is_forgotten(home: Path, folder: Path) -> None:
    kept, gone = made(folder / "kept", 3), made(folder / "gone", 4)
    remember(home, kept + gone)
    ran = run(home, "clear", folder / "gone", kept[0], "--json")
    assert ran.status == 0
    assert [(row["outcome"], row["files"]) for row in ran.rows] == [
        ("forgotten", 4),
        ("forgotten", 1),
    ]
    assert ran.summary == {"forgotten": 5, "failed": 0}
    assert remembered(home, kept) == 2


def test_a_path_that_is_missing_is_told_and_others_are_done(
    home: Path, folder: Path
) -> None:
    paths = made(folder, 3)
    remember(home, paths)
    ran = run(home, "clear", folder / "no\x1bne", folder)
    assert ran.status == 2
    assert ran.err.count(b"\n") == 1
    assert b"no\\x1bne" in ran.err
    assert b"\x1b" not in ran.err + ran.out
    assert remembered(home, paths) == 0


def test_damage_is_one_line_and_can_be_cleared(home: Path, folder: Path) -> None:
    remember(home, made(folder, 3))
    store_file(home).write_bytes(b"x" * 9000)
    ran = run(home, "info")
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)
    assert run(home, "clear").status == 0
    assert run(home, "info").status == 0


def test_a_period_that_is_none_is_refused(home: Path) -> None:
    ran = run(home, "info", CLEARWARD_CACHE_LONGEST_DAYS="soon")
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)
