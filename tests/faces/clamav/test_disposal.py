"""What is done with a file in which something was found."""

from io import StringIO
from pathlib import Path

import pytest

from clearward.faces.clamav.disposal import Disposal, NoFolder, chosen
from clearward.faces.clamav.options import Given, parse, read_table
from clearward.faces.clamav.output import Output

TABLE = read_table("move - text done\ncopy - text done\nremove - flag done\n")


def given(*words: str) -> Given:
    return parse("clamscan", TABLE, words)


def test_moving_wins_over_copying_and_that_over_removing(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert chosen(given("--remove", f"--copy={folder}", f"--move={folder}")) == (
        Disposal("move", folder.encode())
    )
    assert chosen(given("--remove", f"--copy={folder}")).action == "copy"
    assert chosen(given("--remove")).action == "remove"
    assert chosen(given()).action == ""


def test_a_folder_that_cannot_be_used_is_said_before_anything_is_done(
    tmp_path: Path,
) -> None:
    with pytest.raises(NoFolder, match="Failed to get realpath") as missing:
        chosen(given(f"--move={tmp_path}/no"))
    assert missing.value.plain
    (tmp_path / "file").touch()
    with pytest.raises(NoFolder, match="is not a directory"):
        chosen(given(f"--copy={tmp_path}/file"))


def test_the_real_path_is_said_where_it_differs(tmp_path: Path) -> None:
    (tmp_path / "q").mkdir()
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("a")
    out = StringIO()
    disposal = Disposal("move", str(tmp_path / "q").encode())
    status = (tmp_path / "a").stat()
    disposal.dispose(str(tmp_path / "link").encode(), status, Output(out, StringIO()))
    real = tmp_path / "a"
    assert out.getvalue() == (
        f"{tmp_path}/link (real path: '{real}'): moved to '{tmp_path}/q/a'\n"
    )
    assert not real.exists()


def test_what_cannot_be_done_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    status = (tmp_path / "a").stat()
    (tmp_path / "a").write_bytes(b"yy")
    err = StringIO()
    path = str(tmp_path / "a").encode()
    Disposal("remove").dispose(path, status, Output(StringIO(), err))
    assert err.getvalue().startswith("ERROR: Can't remove file")
    assert (tmp_path / "a").exists()
