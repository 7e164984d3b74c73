"""A failed write to standard output says so, and no other failure does."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import COMMAND
from typer.core import TyperGroup

from clearward.core.errors import Unavailable
from clearward.faces.cli import main
from clearward.faces.cli.output import named, one_line


@pytest.mark.parametrize("size", [1, 100_000])
def test_a_failed_write_names_the_output(size: int) -> None:
    with Path("/dev/full").open("w") as full, Path(os.devnull).open("w") as null:
        stream = named(full)
        with pytest.raises(Unavailable, match="output: No space left"), one_line():
            print("x" * size, file=stream, flush=True)
        os.dup2(null.fileno(), full.fileno())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (OSError(errno.EPIPE, "Broken pipe"), "Broken pipe"),
        (OSError("no number"), "no number"),
        (OSError(errno.EIO, "I/O error", b"a\n"), "b'a\\n': I/O error"),
        (
            OSError(errno.EPIPE, "Broken pipe", "output"),
            "standard output was closed before everything was written",
        ),
    ],
)
def test_an_error_is_what_it_is(error: OSError, said: str) -> None:
    with pytest.raises(Unavailable) as caught, one_line():
        raise error
    assert str(caught.value) == said


def test_an_error_in_a_command_without_a_name_is_not_that_of_the_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(TyperGroup, "invoke", fail)
    monkeypatch.setattr(sys, "argv", ["clearward", "rules", "list"])
    with pytest.raises(SystemExit) as caught:
        main.main()
    assert caught.value.code == main.FAILED
    assert capfd.readouterr().err == "clearward: Too many open files\n"


@pytest.mark.parametrize("words", ["--version", "--help", "rules list", "scan --help"])
def test_every_command_says_that_the_disk_is_full(words: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words.split()], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == main.FAILED
    assert done.stderr == b"clearward: output: No space left on device\n"
