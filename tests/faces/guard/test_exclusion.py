"""Who is let through without a question."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.guard_kernel import opened

from clearward.faces.guard.exclusion import Exclusion
from clearward.faces.guard.protocol import Settings

NOBODY = Settings(2**30, "/nothing", 1.0, allow=True, allow_unscanned=True)
PROGRAM = os.readlink("/proc/self/exe")


@pytest.fixture(name="file")
def fixture_file(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "file.txt").touch()
    file = opened(tmp_path / "file.txt")
    yield file
    os.close(file)


def test_by_default_nobody_is(file: int) -> None:
    assert not Exclusion(NOBODY).covers(file, os.getpid())
    assert not Exclusion(NOBODY).covers(file, 0)


def test_the_daemon_and_what_it_started_are(file: int) -> None:
    exclusion = Exclusion(replace(NOBODY, daemon=os.getpid()))
    with subprocess.Popen(
        ["sh", "-c", "sleep 60 & echo $!; wait"], text=True, stdout=-1
    ) as shell:
        assert shell.stdout is not None
        below = int(shell.stdout.readline())
        assert exclusion.covers(file, os.getpid())
        assert exclusion.covers(file, shell.pid)
        assert exclusion.covers(file, below)
        for _ in range(2):  # the second time it is known
            assert not exclusion.covers(file, os.getppid())
        os.kill(below, 9)
        shell.kill()
    assert not exclusion.covers(file, 2**22 + 1)


@pytest.mark.parametrize(
    ("changed", "covered"),
    [
        ({"programs": (PROGRAM,)}, True),
        ({"programs": ("/bin/other",)}, False),
        ({"users": (os.getuid(),)}, True),
        ({"users": (os.getuid() + 1,)}, False),
        ({"patterns": ("*.txt",)}, True),
        ({"patterns": ("*.iso",)}, False),
        ({"roots": ("/nowhere",)}, True),
        ({"roots": ("/",)}, False),
    ],
)
def test_what_was_chosen_is(
    file: int, changed: dict[str, tuple[str, ...]], *, covered: bool
) -> None:
    assert Exclusion(replace(NOBODY, **changed)).covers(file, os.getpid()) is covered  # type: ignore[arg-type]


def test_a_folder_is_no_beginning_of_a_name(file: int, tmp_path: Path) -> None:
    for name in ("roots", "apart"):
        inside = Exclusion(replace(NOBODY, **{name: (str(tmp_path),)}))  # type: ignore[arg-type]
        beside = Exclusion(replace(NOBODY, **{name: (str(tmp_path)[:-1],)}))  # type: ignore[arg-type]
        assert inside.covers(file, 0) is (name == "apart")
        assert beside.covers(file, 0) is (name == "roots")


def test_a_new_start_needs_the_interpreter(file: int) -> None:
    exclusion = Exclusion(replace(NOBODY, program=PROGRAM))
    program = opened(PROGRAM)
    assert exclusion.may_begin(program, 0)
    os.close(program)
    assert exclusion.may_begin(file, 1)
    assert exclusion.may_begin(file, os.getpid()) is (os.getuid() == 0)
    assert not exclusion.may_begin(file, 0)
    assert not Exclusion(NOBODY).may_begin(file, os.getpid())
    assert sys.executable
