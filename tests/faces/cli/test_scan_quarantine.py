"""Behaviour of `clearward scan --quarantine`."""

import os
from pathlib import Path

from support.command import Ran, clearward
from support.marks import MARK


def run(tmp_path: Path, *words: str | Path) -> Ran:
    return clearward(*words, environment={"CLEARWARD_HOME": str(tmp_path / "home")})


def test_what_is_found_is_moved_and_comes_back(
    tmp_path: Path, folder: Path, rules: Path
) -> None:
    (folder / "bad").write_bytes(MARK)
    (folder / "bad").chmod(0o750)
    (folder / "good").write_bytes(b"nothing")
    ran = run(tmp_path, "scan", "--quarantine", "--json", "--rules", rules, folder)
    assert ran.status == 1
    assert ran.summary["found"] == 1
    assert os.listdir(folder) == ["good"]
    (row,) = run(tmp_path, "quarantine", "list", "--json").rows
    assert row["rules"] == [{"name": "mark", "origin": "local"}]
    assert run(tmp_path, "quarantine", "restore", row["id"]).status == 0
    assert (folder / "bad").read_bytes() == MARK
    assert (folder / "bad").stat().st_mode & 0o777 == 0o750


def test_without_it_nothing_is_moved(tmp_path: Path, folder: Path, rules: Path) -> None:
    (folder / "bad").write_bytes(MARK)
    assert run(tmp_path, "scan", "--rules", rules, folder).status == 1
    assert os.listdir(folder) == ["bad"]


def test_a_quarantine_that_cannot_be_used_ends_it_before_the_scan(
    tmp_path: Path, folder: Path, rules: Path
) -> None:
    (folder / "bad").write_bytes(MARK)
    (tmp_path / "home" / "quarantine").mkdir(parents=True)
    (tmp_path / "home" / "quarantine").chmod(0o777)
    ran = run(tmp_path, "scan", "--quarantine", "--rules", rules, folder)
    assert ran.status == 2
    assert b"0700" in ran.err
    assert os.listdir(folder) == ["bad"]
