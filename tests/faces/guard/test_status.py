"""The file that says how the guard is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.guarding import eventually, is_running

from clearward.core.errors import Refused, Unavailable
from clearward.faces.guard.status import Status

GATE = "import time; 'clearward.faces.guard.gate'; print(flush=True); time.sleep(60)"


def test_a_status_comes_back_while_its_guard_runs(tmp_path: Path) -> None:
    status = Status(str(tmp_path / "home"))
    assert status.write({"process": os.getpid(), "found": 1})
    assert status.read()["found"] == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["guard.json"]


def test_without_a_guard_there_is_none(tmp_path: Path) -> None:
    status = Status(str(tmp_path))
    with pytest.raises(Unavailable, match="no guard is running"):
        status.read()
    ended = subprocess.Popen(["true"])
    ended.wait()
    status.write({"process": ended.pid})
    with pytest.raises(Unavailable, match="no guard is running"):
        status.read()


@pytest.mark.parametrize("content", ["", "[]", "{", '"x"'])
def test_a_file_that_is_no_status_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "guard.json").write_text(content)
    with pytest.raises(Refused, match="cannot be read"):
        Status(str(tmp_path)).read()
    Status(str(tmp_path)).end_old_gate()


def test_what_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not Status(str(tmp_path / "file")).write({})


@pytest.mark.parametrize("gate", [True, False], ids=["a gate", "another program"])
def test_only_a_gate_that_was_left_is_ended(tmp_path: Path, *, gate: bool) -> None:
    code = GATE if gate else GATE.replace("guard", "board")
    command = [sys.executable, "-I", "-c", code]
    ended = subprocess.Popen(["true"])
    ended.wait()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as left:
        assert left.stdout is not None
        left.stdout.readline()
        status = Status(str(tmp_path))
        status.write({"process": os.getpid(), "gate": left.pid})
        status.end_old_gate()  # its guard runs
        assert left.poll() is None
        status.write({"process": ended.pid, "gate": left.pid})
        status.end_old_gate()
        if gate:
            assert eventually(lambda: not is_running(left.pid))
            assert left.wait() == -signal.SIGTERM
        else:
            assert left.poll() is None
            left.kill()
