"""The open corpus of ordinary files: nothing of it is found."""

import json
import os
from pathlib import Path

import pytest
from support.command import clearward

from .conftest import unpacked


@pytest.fixture(scope="module")
def files(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(shared / "corpora/files.tar.zst", tmp_path_factory.mktemp("files"))


def test_nothing_benign_is_found_or_too_much_for_a_worker(files: Path) -> None:
    rows = (files / "manifest.jsonl").read_text().splitlines()
    eicar = {row["path"] for row in map(json.loads, rows) if row.get("eicar")}
    eicar.add("corkami/rar/eicar14.rar")  # the manifest's readers know no RAR 1.4
    ran = clearward("scan", "--json", files)
    found = {row["path"] for row in ran.rows if row["outcome"] == "found"}
    assert {os.path.relpath(path, files) for path in found} <= eicar
    assert ran.summary["files"] >= len(rows)
    assert ran.err == b""
    too_much = {"worker-died", "time-limit"}
    assert [row["path"] for row in ran.rows if too_much & set(row["reasons"])] == []
