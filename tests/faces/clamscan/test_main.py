"""The command as scripts use it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.clam_lines import run
from support.marks import EICAR

MARK = "CLAM-" + "LINES"
START = "from clearward.faces.clamscan.main import main; main()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    (made / "bad").write_text(MARK)
    (made / "good").write_text("good")
    (tmp_path / "db").mkdir()
    line = f"Test.Mark:0:*:{MARK.encode().hex()}\n"
    (tmp_path / "db/a.ndb").write_text(line)
    return made


def scan(folder: Path, *words: str, given: bytes = b"") -> tuple[int, str, str]:
    database = f"--database={folder.parent}/db"
    ran = run("clamscan", database, "--no-summary", *words, folder=folder, given=given)
    return ran.status, ran.out, ran.err


def test_the_installed_rules_know_the_test_file(tmp_path: Path) -> None:
    (tmp_path / "e").write_bytes(EICAR)
    ran = run("clamscan", "--no-summary", "e", folder=tmp_path)
    assert ran.status == 1
    assert ran.out.startswith("e: ")
    assert ran.out.endswith(" FOUND\n")


def test_without_a_path_this_folder_is_scanned(folder: Path) -> None:
    status, out, _ = scan(folder)
    assert status == 1
    assert sorted(out.splitlines()) == [
        f"{folder}/bad: Test.Mark.UNOFFICIAL FOUND",
        f"{folder}/good: OK",
    ]


def test_standard_input_is_scanned(folder: Path) -> None:
    found = (1, "stdin: Test.Mark.UNOFFICIAL FOUND\n", "")
    assert scan(folder, "-", given=MARK.encode()) == found
    assert scan(folder, "-") == (0, "stdin: OK\n", "")


def test_named_paths_stand_in_their_order(folder: Path) -> None:
    for number in range(40):
        (folder / f"f{number}").write_text("x" * (40 - number) * 1000)
    names = [f"f{number}" for number in range(40)]
    assert scan(folder, *names)[1].splitlines() == [f"{name}: OK" for name in names]


def test_a_list_names_paths(folder: Path) -> None:
    (folder / "list").write_text("good\nmissing")
    status, out, err = scan(folder, "-f", "list")
    assert (status, out) == (2, "good: OK\n")
    assert err.splitlines()[-1] == "WARNING: missing: Can't access file"
    assert scan(folder, "-f", "nolist")[0] == 54


def test_what_is_found_is_moved(folder: Path) -> None:
    (folder / "q").mkdir()
    status, out, _ = scan(folder, "-i", "--move=q", "bad", "good")
    assert status == 1
    assert out.splitlines()[1] == (
        f"bad (real path: '{folder}/bad'): moved to '{folder}/q/bad'"
    )
    assert (folder / "q/bad").read_text() == MARK
    assert (folder / "good").exists()


def test_only_the_found_file_behind_a_link_is_removed(folder: Path) -> None:
    (folder / "link").symlink_to("bad")
    assert scan(folder, "--remove", "link", "good")[0] == 1
    assert sorted(os.listdir(folder)) == ["good", "link"]


def test_a_report_is_kept(folder: Path) -> None:
    scan(folder, "-l", "report", "bad", "good", "missing")
    assert (folder / "report").read_text().splitlines() == [
        "",
        "-" * 79,
        "",
        "bad: Test.Mark.UNOFFICIAL FOUND",
        "WARNING: missing: Can't access file",
    ]


def test_what_is_encrypted_is_never_clean(folder: Path) -> None:
    with zipfile.ZipFile(folder / "z", "w") as archive:
        archive.writestr("a", "secret" * 9)
    data = bytearray((folder / "z").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    (folder / "z").write_bytes(data.replace(b"secret", b"random"))
    status, out, _ = scan(folder, "z")
    assert status == 2
    assert out == "z: encrypted ERROR\n"
    assert scan(folder, "--alert-encrypted", "z")[:2] == (
        1,
        "z: Heuristics.Encrypted FOUND\n",
    )


def test_rules_that_cannot_be_used_are_said(folder: Path) -> None:
    ran = run("clamscan", "-d", "good", "--no-summary", "bad", folder=folder)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("ERROR: good: ")
    assert ran.err.count("\n") == 1


def test_an_output_that_is_full_is_an_error(folder: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    with full.open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-c", START, "--help"],
            stdout=out,
            stderr=subprocess.PIPE,
            cwd=folder,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"ERROR: output: No space left on device\n"
