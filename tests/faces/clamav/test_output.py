"""Lines go where the original writes them."""

import os
from io import StringIO
from pathlib import Path

import pytest

from clearward.faces.clamav.output import Output, open_log


def shown(*, quiet: bool = False, together: bool = False) -> tuple[str, str, str]:
    out, err, log = StringIO(), StringIO(), StringIO()
    output = Output(out, err, quiet, together, log)
    output.line("a: OK", logged=False)
    output.line("b: X FOUND")
    output.warn("c: odd")
    output.fail("d: broken")
    return out.getvalue(), err.getvalue(), log.getvalue()


LOG = "b: X FOUND\nWARNING: c: odd\nERROR: d: broken\n"


def test_results_and_complaints_are_parted() -> None:
    complaints = "WARNING: c: odd\nERROR: d: broken\n"
    assert shown() == ("a: OK\nb: X FOUND\n", complaints, LOG)


def test_quiet_leaves_errors_and_the_log() -> None:
    assert shown(quiet=True) == ("", "ERROR: d: broken\n", LOG)


def test_all_can_go_to_standard_output() -> None:
    assert shown(together=True) == ("a: OK\n" + LOG, "", LOG)


def test_a_log_is_continued_and_no_link(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("old\n")
    with open_log(str(path)) as log:
        log.write("new\n")
    assert path.read_text() == "old\nnew\n"
    os.symlink(path, tmp_path / "link")
    with pytest.raises(OSError):
        open_log(str(tmp_path / "link"))


def test_an_error_cannot_steer_the_terminal() -> None:
    err = StringIO()
    Output(StringIO(), err).fail("\x1b[2J")
    assert err.getvalue() == "ERROR: \\x1b[2J\n"
