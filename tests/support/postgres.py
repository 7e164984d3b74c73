"""A real PostgreSQL, started by the tests, which listens on a socket in a folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from itertools import count
from pathlib import Path

import pytest

_PROGRAMS = sorted(
    glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[4])
)
_USER = "nobody"  # PostgreSQL does not run as root
_numbers = count(1)


def _run(name: str, *words: str, folder: str) -> None:
    program = os.path.join(_PROGRAMS[-1], name)
    as_root = {"user": _USER, "group": "nogroup", "extra_groups": []}
    subprocess.run(
        [program, *words],
        check=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
        **(as_root if os.geteuid() == 0 else {}),  # type: ignore[call-overload]
    )


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server; give the folder of its socket."""
    if not _PROGRAMS:
        pytest.skip("PostgreSQL is not installed: sh tools/peers.sh")
    folder = tempfile.mkdtemp(prefix="cw-pg-", dir="/tmp")  # a socket's path is short
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _USER)
        data = os.path.join(folder, "data")
        _run("initdb", "-D", data, "-A", "trust", "-U", "tests", "-N", folder=folder)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run("pg_ctl", "-D", data, "-w", "-o", options, "start", folder=folder)
        try:
            yield folder
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "stop", folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh(folder: str) -> str:
    """Make an empty database; return its address."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    _run("createdb", "-h", folder, "-U", "tests", name, folder=folder)
    return f"postgresql://tests@/{name}?host={folder}"


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[str]:
    """The folder of a server's socket."""
    with postgres() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/intel.db"
    return fresh(request.getfixturevalue("postgres_folder"))
