"""The house rules that a linter does not know."""

import re
import subprocess
import sys
from pathlib import Path

from clearward.formats.closed import CLOSED
from clearward.formats.unpack import FORMATS

ROOT = Path(__file__).parents[2]
MOST_LINES = 300


def test_a_file_can_be_read_in_one_sitting() -> None:
    lines = {
        path: len(path.read_text("utf-8").splitlines())
        for folder in ("src", "tests", "fuzz", "compat", "bench", "tools")
        for ending in ("py", "c", "h")
        for path in (ROOT / folder).rglob(f"*.{ending}")
    }
    assert {path for path, count in lines.items() if count > MOST_LINES} == set()


def test_every_format_is_in_the_documentation() -> None:
    page = (ROOT / "docs/formats.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `?([a-z0-9-]+)`? ", page, re.MULTILINE))
    known = {format.name for format in (*FORMATS, *CLOSED)}
    assert known - listed == set()


def test_every_option_of_scan_is_in_the_manual() -> None:
    manual = (ROOT / "docs/man/clearward.1").read_text("utf-8").replace("\\-", "-")
    usage = subprocess.run(
        [sys.executable, "-m", "clearward", "scan", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    options = set(re.findall(r"--[a-z-]+", usage)) - {"--help"}
    assert {option for option in options if option not in manual} == set()


def test_the_pages_of_other_commands_say_what_the_commands_say() -> None:
    tool = ROOT / "tools/manual.py"
    ran = subprocess.run(
        [sys.executable, tool, "--check"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_no_lock_file_names_an_index() -> None:
    for path in ROOT.glob("constraints*.txt"):
        assert "://" not in path.read_text("utf-8")
        assert "index" not in path.read_text("utf-8")


def test_the_version_is_said_in_one_place() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "clearward", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", ran.stdout.splitlines()[0])
