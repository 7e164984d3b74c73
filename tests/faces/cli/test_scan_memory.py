"""Behaviour of `clearward scan` over what it has seen before."""

import base64
import gzip
import os
import time
from pathlib import Path
from typing import Any

import pytest
from support.command import Ran, clearward
from support.containers import in_zip
from support.marks import MARK


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def settle(folder: Path) -> None:
    """Wait until no file is as young as a step of the clock."""
    newest = max(path.lstat().st_ctime_ns for path in folder.rglob("*"))
    while time.time_ns() < newest + 60_000_000:
        time.sleep(0.01)


def scan(home: Path, rules: Path, *arguments: str | bytes | Path) -> Ran:
    settle(rules.parents[1] / "files")
    return clearward(
        *("scan", "--json", "--rules", rules, *arguments),
        environment={"CLEARWARD_HOME": str(home)},
    )


def cached(ran: Ran) -> dict[str, bool]:
    return {name: row["cached"] for name, row in ran.by_name().items()}


def test_only_what_was_clean_is_remembered(
    home: Path, folder: Path, rules: Path
) -> None:
    (folder / "clean.zip").write_bytes(in_zip(b"nothing"))
    (folder / "found").write_bytes(MARK)
    (folder / "unscanned.gz").write_bytes(gzip.compress(bytes(500))[:-5])
    first, second = scan(home, rules, folder), scan(home, rules, folder)
    assert cached(first) == dict.fromkeys(("clean.zip", "found", "unscanned.gz"), False)
    assert cached(second) == {**cached(first), "clean.zip": True}
    assert (first.summary["cached"], second.summary["cached"]) == (0, 1)

    def rest(ran: Ran) -> list[dict[str, Any]]:
        rows = sorted(ran.rows, key=lambda row: str(row["path"]))
        return [{**row, "ms": 0, "cached": None} for row in rows]

    assert rest(first) == rest(second)
    for name in ("files", "clean", "found", "unscanned", "bytes"):
        assert first.summary[name] == second.summary[name]
    assert (first.status, second.status) == (1, 1)


def test_a_file_that_is_changed_with_its_time_put_back_is_read(
    home: Path, folder: Path, rules: Path
) -> None:
    path = folder / "file"
    path.write_bytes(b"x" * len(MARK))
    before = path.stat()
    assert scan(home, rules, folder).status == 0
    path.write_bytes(MARK)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    ran = scan(home, rules, folder)
    assert (ran.status, cached(ran)) == (1, {"file": False})


def test_a_remembered_file_is_not_opened(home: Path, folder: Path, rules: Path) -> None:
    path = folder / "file"
    path.write_bytes(b"content")
    scan(home, rules, folder)
    # Not even a lease, for which somebody who writes is enough.
    for named in (folder, path):
        with open(path, "r+b"):
            assert cached(scan(home, rules, named)) == {"file": True}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--pua",), id="other rules"),
        pytest.param(("--max-depth", "5"), id="other limits"),
        pytest.param(("--password", "word"), id="a password"),
        pytest.param(("--no-default-rules",), id="fewer rules"),
    ],
)
def test_other_rules_and_settings_know_nothing(
    options: tuple[str, ...], home: Path, folder: Path, rules: Path
) -> None:
    (folder / "file").write_bytes(b"content")
    scan(home, rules, folder)
    assert cached(scan(home, rules, *options, folder)) == {"file": False}
    assert cached(scan(home, rules, *options, folder)) == {"file": True}


def test_a_rule_that_was_changed_is_looked_for_everywhere(
    home: Path, folder: Path, rules: Path
) -> None:
    (folder / "file").write_bytes(b"content")
    assert scan(home, rules, folder).status == 0
    rules.write_text(rules.read_text("ascii").replace(MARK.decode(), "content"))
    assert scan(home, rules, folder).status == 1


def test_every_match_may_be_asked_for_of_what_is_known(
    home: Path, folder: Path, rules: Path
) -> None:
    (folder / "file").write_bytes(b"content")
    scan(home, rules, folder)
    assert cached(scan(home, rules, "--all-matches", folder)) == {"file": True}


def test_what_is_explained_is_looked_at(home: Path, folder: Path, rules: Path) -> None:
    (folder / "file").write_bytes(b"content")
    scan(home, rules, folder)
    ran = scan(home, rules, "--explain", folder)
    assert cached(ran) == {"file": False}
    assert "explain" in ran.rows[0]


def test_without_the_cache_nothing_is_read_or_written(
    home: Path, folder: Path, rules: Path
) -> None:
    (folder / "file").write_bytes(b"content")
    scan(home, rules, "--no-cache", folder)
    assert not home.exists()
    scan(home, rules, folder)
    assert cached(scan(home, rules, "--no-cache", folder)) == {"file": False}


def test_a_limit_of_size_holds_for_what_is_known(
    home: Path, folder: Path, rules: Path
) -> None:
    (folder / "file").write_bytes(b"content")
    scan(home, rules, folder)
    ran = scan(home, rules, "--max-file-size", "3", folder)
    assert ran.rows[0]["reasons"] == ["size-limit"]


def test_odd_names_are_told_as_at_the_first_time(
    home: Path, folder: Path, rules: Path
) -> None:
    names = [b"\xff\xfe", b'quo"te', b"line\nbreak", "\u202ename".encode(), b"\\"]
    for name in names:
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(b"content")
    first, second = scan(home, rules, folder), scan(home, rules, folder)
    assert second.summary["cached"] == len(names)

    def told(ran: Ran) -> list[tuple[str, str | None]]:
        return sorted((row["path"], row.get("path_b64")) for row in ran.rows)

    assert told(first) == told(second)
    (odd,) = (row["path_b64"] for row in second.rows if "path_b64" in row)
    assert base64.b64decode(odd).endswith(b"\xff\xfe")
    (folder / "sub").mkdir()
    odder = os.fsencode(folder) + b"/sub/\xfe"
    os.mkdir(odder)
    with open(odder + b"/plain", "wb"):
        pass
    first, second = scan(home, rules, folder), scan(home, rules, folder)
    assert told(first) == told(second)
    assert second.summary["cached"] == len(names) + 1


def test_the_plain_summary_counts_what_was_not_read(
    home: Path, folder: Path, rules: Path
) -> None:
    (folder / "file").write_bytes(b"content")
    scan(home, rules, folder)
    plain = clearward(
        *("scan", "--rules", rules, folder), environment={"CLEARWARD_HOME": str(home)}
    )
    assert b"of these:    1 known and unchanged, not read\n" in plain.out


@pytest.mark.parametrize("content", [b"garbage", b""])
def test_a_store_that_is_garbage_does_not_matter(
    content: bytes, home: Path, folder: Path, rules: Path
) -> None:
    (folder / "file").write_bytes(b"content")
    scan(home, rules, folder)
    for path in (home / "verdicts").iterdir():
        path.write_bytes(content)
    ran = scan(home, rules, folder)
    assert (ran.status, ran.err, cached(ran)) == (0, b"", {"file": False})
    assert cached(scan(home, rules, folder)) == {"file": True}


def test_a_wrong_setting_is_said_in_one_line(folder: Path, rules: Path) -> None:
    (folder / "file").write_bytes(b"content")
    ran = clearward(
        *("scan", "--rules", rules, folder),
        environment={"CLEARWARD_CACHE_LONGEST_DAYS": "soon"},
    )
    assert (ran.status, ran.out) == (2, b"")
    assert ran.err.count(b"\n") == 1
    assert b"longest_days" in ran.err
