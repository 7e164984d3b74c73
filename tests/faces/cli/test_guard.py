"""Wrong use of `clearward guard`: one clear line and status 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import clearward
from support.demote import CANNOT

from clearward.core.errors import Refused
from clearward.faces.cli.guard import user


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name a folder"),
        (("/proc",), "cannot be guarded"),
        (("/missing/folder",), "cannot be guarded"),
        (("/", "--deadline", "0.1"), "deadline"),
        (("/", "--on-deadline", "maybe"), "maybe"),
        (("/", "--exclude-user", "no-such-user"), "no such user"),
        (("/", "--notify-command", "/missing/program"), "no program"),
        (("/", "--notify-url", "ftp://a/"), "not an address"),
        (("--status",), "no guard is running"),
    ],
)
def test_wrong_use_is_one_line(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = clearward("guard", *words, environment={"CLEARWARD_HOME": str(tmp_path)})
    assert ran.status == 2
    assert ran.out == b""
    line = ran.err.decode()
    assert line.count("\n") == 1
    assert line.startswith("clearward: ")
    assert said in line


def test_without_the_rights_of_root_nothing_is_watched_and_that_is_said() -> None:
    script = str(Path(__file__).parents[2] / "support" / "demote.py")
    command = [sys.executable, script] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*command, sys.executable, "-m", "clearward", "guard", "/tmp"],  # noqa: S108
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if done.returncode == CANNOT:
        pytest.skip("nobody can be made an ordinary user here")
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"CAP_SYS_ADMIN" in done.stderr


def test_users_have_names_and_numbers() -> None:
    assert user("root") == user("0") == 0
    assert user("12345") == 12345
    with pytest.raises(Refused):
        user("-1")
