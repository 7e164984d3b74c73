"""Which files `clearward scan` looks at, and what it says of the others."""

import base64
import os
import socket
import subprocess
from pathlib import Path

import pytest
from support.command import COMMAND, clearward
from support.marks import MARK


def test_standard_input_is_scanned(rules: Path, folder: Path) -> None:
    ran = clearward("scan", "--json", "--rules", rules, "-", given=b"a" * 9 + MARK)
    assert ran.status == 1
    assert ran.rows[0]["path"] == "-"
    (folder / "file").write_bytes(MARK)
    with (folder / "file").open("rb") as file:
        done = subprocess.run(
            [*COMMAND, "scan", "--rules", rules, "-"], stdin=file, check=False
        )
    assert done.returncode == 1


@pytest.mark.parametrize("end", [b"\n", b"\0"])
def test_paths_come_from_a_file_or_standard_input(
    folder: Path, rules: Path, end: bytes
) -> None:
    for name in ("one", "two"):
        (folder / name).write_bytes(MARK)
    listed = end.join(os.fsencode(folder / name) for name in ("one", "two")) + end
    null = ["--null"] if end == b"\0" else []
    (folder / "list").write_bytes(listed)
    for source in (str(folder / "list"), "-"):
        options = ["--json", "--rules", str(rules), "--files-from", source, *null]
        ran = clearward("scan", *options, given=listed)
        assert ran.summary["found"] == 2


def test_excluded_files_are_said(folder: Path, rules: Path) -> None:
    (folder / "keep.txt").write_bytes(b"x")
    (folder / "leave.log").write_bytes(MARK)
    (folder / "deep").mkdir()
    (folder / "deep" / "file").write_bytes(MARK)
    ran = clearward(
        *("scan", "--json", "--rules", rules, folder),
        *("--exclude", "*.log", "--exclude", f"{folder}/de*"),
    )
    rows = ran.by_name()
    assert rows["keep.txt"]["outcome"] == "clean"
    assert rows["leave.log"]["reasons"] == ["excluded"]
    assert rows["deep"]["reasons"] == ["excluded"]
    assert (len(rows), ran.status) == (3, 2)


def test_names_never_reach_a_terminal_raw(folder: Path, rules: Path) -> None:
    name = b"evil\x1b[31m\n\xff\xe2\x80\xae.txt"
    (folder / os.fsdecode(name)).write_bytes(MARK)
    ran = clearward("scan", "--rules", rules, folder)
    assert rb"evil\x1b[31m\x0a\xff\u202e.txt: found mark" in ran.out
    assert b"\x1b" not in ran.out
    (row,) = clearward("scan", "--json", "--rules", rules, folder).rows
    assert row["path"].endswith("evil\x1b[31m\n\\xff\u202e.txt")
    assert base64.b64decode(row["path_b64"]) == os.fsencode(folder) + b"/" + name


def test_what_is_no_regular_file_is_said(folder: Path) -> None:
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "socket"))
        ran = clearward("scan", "--json", folder, "/dev/null")
    assert {row["path"].rpartition("/")[2] for row in ran.rows} == {
        *("fifo", "socket", "null")
    }
    assert all(row["reasons"] == ["not-regular"] for row in ran.rows)


def test_links_are_followed_when_named_and_not_in_a_tree(
    folder: Path, rules: Path, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.write_bytes(MARK)
    (folder / "link").symlink_to(target)
    (folder / "loop").symlink_to("loop")
    inside = clearward("scan", "--json", "--rules", rules, folder)
    assert (inside.rows, inside.status) == ([], 0)
    assert clearward("scan", "--rules", rules, folder / "link").status == 1
    looped = clearward("scan", "--json", "--rules", rules, folder / "loop")
    assert looped.rows[0]["outcome"] == "unscanned"


def test_a_missing_path_is_vanished(folder: Path) -> None:
    ran = clearward("scan", "--json", folder / "nothing")
    assert ran.rows[0]["reasons"] == ["vanished"]
    assert ran.status == 2
