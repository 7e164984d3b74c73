"""Paths come from the command line or from a list."""

from io import StringIO
from pathlib import Path

import pytest

from clearward.faces.clamav.options import parse, read_table
from clearward.faces.clamav.output import Output
from clearward.faces.clamav.paths import named

TABLE = read_table("file-list f text done\n")


def paths(*words: str) -> tuple[list[bytes], str]:
    err = StringIO()
    found = named(parse("clamscan", TABLE, words), Output(StringIO(), err))
    return found, err.getvalue()


def test_operands_or_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths("a", "-") == ([b"a", b"-"], "")
    assert paths() == ([str(tmp_path).encode()], "")


def test_a_list_wins_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"a\n\nb c\n\xff")
    found, said = paths("-f", str(tmp_path / "list"), "x")
    assert found == [b"a", b"b c", b"\xff"]
    assert said.startswith("WARNING: Only scanning files from --file-list")


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        paths("-f", str(tmp_path / "no"))
