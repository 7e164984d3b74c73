"""The open corpora: nothing benign is found, nothing hostile is called clean."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import Ran, clearward

from .conftest import unpacked

WORDS = {"found": "detect", "unscanned": "limit", "clean": "clean-ok"}


@pytest.fixture(scope="module")
def files(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(shared / "corpora/files.tar.zst", tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def hostile(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile")
    generators = shared / "corpora/hostile"
    subprocess.run(
        [sys.executable, "make_all.py", made], cwd=generators, check=True, timeout=300
    )
    return made


def test_nothing_benign_is_found_or_too_much_for_a_worker(files: Path) -> None:
    rows = (files / "manifest.jsonl").read_text().splitlines()
    eicar = {row["path"] for row in map(json.loads, rows) if row.get("eicar")}
    ran = clearward("scan", "--json", files)
    found = {row["path"] for row in ran.rows if row["outcome"] == "found"}
    assert {os.path.relpath(path, files) for path in found} <= eicar
    assert ran.summary["files"] >= len(rows)
    assert ran.err == b""
    too_much = {"worker-died", "time-limit"}
    assert [row["path"] for row in ran.rows if too_much & set(row["reasons"])] == []


def test_what_is_expected_of_hostile_files_is_answered(hostile: Path) -> None:
    rows = (hostile / "manifest.jsonl").read_text("ascii").splitlines()
    entries = [json.loads(row) for row in rows]
    paths = [hostile / entry["path"] for entry in entries]
    rules = hostile / "mark.yar"
    ran = clearward("scan", "--json", "--no-default-rules", "--rules", rules, *paths)
    wrong = []
    for entry, path in zip(entries, paths, strict=True):
        answer = _answer(ran, str(path))
        expected = entry["expect"].split("|")
        if answer not in expected:
            wrong.append((entry["name"], answer, entry["expect"]))
    assert wrong == []
    assert b"\x1b" not in ran.out


def _answer(ran: Ran, path: str) -> str:
    """What was said about a file, or about everything below a folder."""
    said = {
        row["outcome"]
        for row in ran.rows
        if row["path"] == path or row["path"].startswith(path + "/")
    }
    return next((WORDS[outcome] for outcome in WORDS if outcome in said), "nothing")
