"""Behaviour of `clearward quarantine`, as a person and a program see it."""

import json
import os
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from support.command import Ran, clearward


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def file(folder: Path) -> Path:
    path = folder / "bad"
    path.write_bytes(b"content")
    return path


def run(home: Path, *words: str | bytes | Path, days: str = "90") -> Ran:
    environment = {
        "CLEARWARD_HOME": str(home),
        "CLEARWARD_QUARANTINE_DAYS": days,
    }
    return clearward("quarantine", *words, environment=environment)


def added(home: Path, *paths: str | bytes | Path) -> list[dict[str, Any]]:
    ran = run(home, "add", *paths, "--json")
    assert ran.status == 0
    return ran.rows


def test_a_file_goes_and_comes_back(home: Path, file: Path) -> None:
    ran = run(home, "add", file, "--reason", "looks odd", "--json")
    assert (ran.status, ran.err) == (0, b"")
    (row,) = ran.rows
    assert row["outcome"] == "moved"
    assert (row["path"], row["reason"]) == (str(file), "looks odd")
    assert re.fullmatch("[0-9a-f]{32}", row["id"])
    assert ran.summary == {"moved": 1, "refused": 0, "failed": 0}
    assert not file.exists()

    listed = run(home, "list", "--json")
    assert listed.status == 0
    assert [{**each, "outcome": "moved"} for each in listed.rows] == [row]
    assert listed.summary == {
        "entries": 1,
        "bytes": 7,
        "damaged": 0,
        "unsettled": 0,
        "expired": 0,
        "expire_days": 90,
    }

    back = run(home, "restore", row["id"], "--json")
    assert back.status == 0
    assert back.rows == [
        {"id": row["id"], "path": str(file), "outcome": "restored", "missing": []}
    ]
    assert back.summary == {"restored": 1, "refused": 0, "failed": 0}
    assert file.read_bytes() == b"content"
    assert run(home, "list", "--json").summary["entries"] == 0


def test_the_same_in_words(home: Path, file: Path) -> None:
    ran = run(home, "add", file)
    assert ran.status == 0
    said = re.fullmatch(rb"(.*): moved into quarantine, ([0-9a-f]{32})\n", ran.out)
    assert said is not None
    assert said[1] == bytes(file)
    name = said[2].decode()
    listed = run(home, "list").out.decode()
    assert listed.startswith(name)
    assert "1 in quarantine, 7 bytes; 0 damaged; 0 older than 90 days" in listed
    shown = run(home, "show", name).out.decode()
    assert f"path:         {file}" in shown
    assert "size:         7 bytes" in shown
    back = run(home, "restore", name)
    assert back.out.decode() == f"{name}: restored to {file}\n"


def test_everything_known_is_shown(home: Path, file: Path) -> None:
    file.chmod(0o4755)
    os.setxattr(file, "user.note", b"x")
    (row,) = added(home, file)
    shown = run(home, "show", row["id"], "--json")
    assert shown.status == 0
    (details,) = shown.rows
    assert details["mode"] == "4755"
    assert details["extended_attributes"] == ["user.note"]
    assert details["uid"] == os.geteuid()
    assert shown.summary == {"entries": 1}


def test_one_that_cannot_be_moved_does_not_hold_up_the_others(
    home: Path, file: Path
) -> None:
    link = file.with_name("link")
    link.symlink_to(file)
    ran = run(home, "add", link, file.with_name("gone"), file, "--json")
    assert ran.status == 2
    refused, failed, moved = ran.rows
    assert (refused["outcome"], failed["outcome"]) == ("refused", "failed")
    assert moved["outcome"] == "moved"
    assert len(ran.err.splitlines()) == 2
    assert b"leads through a link" in ran.err
    assert b"No such file" in ran.err
    assert ran.summary == {"moved": 1, "refused": 1, "failed": 1}


def test_what_is_refused_is_status_1(home: Path, file: Path) -> None:
    file.with_name("link").symlink_to(file)
    assert run(home, "add", file.with_name("link")).status == 1
    assert run(home, "add", file.parent).status == 1
    (row,) = added(home, file)
    file.write_bytes(b"another")
    ran = run(home, "restore", row["id"])
    assert ran.status == 1
    assert ran.err.decode() == f"clearward: {file}: is there already, and stays\n"
    assert run(home, "restore", row["id"], "--overwrite").status == 0
    assert file.read_bytes() == b"content"


def test_files_are_restored_elsewhere(home: Path, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).write_text(name)
    names = [row["id"] for row in added(home, folder / "a", folder / "b")]
    ran = run(home, "restore", *names, "--to", folder / "one")
    assert ran.status == 2
    assert b"only be restored to a folder" in ran.err
    (folder / "below").mkdir()
    assert run(home, "restore", *names, "--to", folder / "below").status == 0
    assert (folder / "below" / "b").read_text() == "b"


def test_an_unknown_entry_is_one_line_and_status_2(home: Path) -> None:
    for words in (["show"], ["restore"], ["delete"]):
        ran = run(home, *words, "0" * 32)
        assert ran.status == 2
        assert ran.out == b""
        assert ran.err.decode() == f"clearward: {'0' * 32}: there is no such entry\n"


def test_entries_are_deleted(home: Path, folder: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / name).write_text(name)
    rows = added(home, *(folder / name for name in ("a", "b", "c")))
    ran = run(home, "delete", rows[0]["id"], "--json")
    assert ran.rows == [{"id": rows[0]["id"], "outcome": "deleted"}]
    kept = run(home, "delete", "--all", "--older-than", "30d", "--json")
    assert (kept.status, kept.summary["deleted"]) == (0, 0)
    every = run(home, "delete", "--all", "--json")
    assert every.summary == {"deleted": 2, "refused": 0, "failed": 0}
    assert os.listdir(home / "quarantine") == []


def test_what_is_old_expires(home: Path, file: Path) -> None:
    added(home, file)
    ran = run(home, "expire", "--json")
    assert (ran.status, ran.summary["deleted"]) == (0, 0)
    assert ran.summary["expire_days"] == 90
    assert run(home, "delete", "--all", "--older-than", "0s").status == 0
    assert os.listdir(home / "quarantine") == []


@pytest.mark.parametrize(
    "words",
    [
        ["delete"],
        ["delete", "0" * 32, "--all"],
        ["delete", "--older-than", "30d"],
        ["delete", "--all", "--older-than", "30"],
        ["delete", "--all", "--older-than", "999999999d"],
        ["add"],
        ["restore"],
        ["show"],
    ],
)
def test_wrong_use_is_one_line_and_status_2(home: Path, words: list[str]) -> None:
    ran = run(home, *words)
    assert ran.status == 2
    assert ran.out == b""
    assert len(ran.err.splitlines()) == 1
    assert b"Traceback" not in ran.err


def test_a_hostile_name_is_escaped(home: Path, folder: Path) -> None:
    raw = os.path.join(bytes(folder), b"\x1b[31m\xff\xe2\x80\xaegpj")
    with open(raw, "wb") as file:
        file.write(b"x")
    row = added(home, raw)[0]
    assert b64decode(row["path_b64"]) == raw
    for ran in (run(home, "list"), run(home, "show", row["id"])):
        assert b"\x1b" not in ran.out
        assert b"\xff" not in ran.out
        assert b"\\x1b[31m\\xff\\u202egpj" in ran.out
    back = run(home, "restore", row["id"])
    assert b"\x1b" not in back.out
    assert os.path.exists(raw)
    missing = run(home, "add", os.path.join(bytes(folder), b"\xff\x1b"), "--json")
    assert missing.status == 2
    assert b"\x1b" not in missing.err
    assert json.loads(missing.out.splitlines()[0])["outcome"] == "failed"


def test_a_home_of_others_is_refused(home: Path, file: Path) -> None:
    (home / "quarantine").mkdir(parents=True)
    (home / "quarantine").chmod(0o777)
    ran = run(home, "add", file)
    assert ran.status == 2
    assert b"0700" in ran.err
    assert file.exists()


def test_a_wrong_setting_is_one_line(home: Path) -> None:
    ran = run(home, "list", days="never")
    assert ran.status == 2
    assert b"no whole number of days" in ran.err
