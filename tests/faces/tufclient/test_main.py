"""Behaviour of `clearward-tuf-client`, which tuf-conformance tests in full."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.fake_web import Answer, Came, serving
from support.repositories import Repositories
from support.updating import files

from clearward.egress.connections import connections

COMMAND = "from clearward.faces.tufclient.main import main; main()"


def run(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", COMMAND, *words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    del environment["CLEARWARD_HOME"]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment
    )


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path / "one")
    made.add("One")
    return made


def answer(publisher: Repositories) -> Answer:
    def give(came: Came) -> tuple[int, bytes]:
        path = publisher.folder / came.target.lstrip("/")
        return (200, path.read_bytes()) if path.is_file() else (404, b"")

    return give


def test_metadata_and_targets_are_fetched(
    tmp_path: Path, publisher: Repositories
) -> None:
    metadata, targets = tmp_path / "metadata", tmp_path / "targets"
    targets.mkdir()
    front: tuple[str | Path, ...] = ("--metadata-dir", metadata)
    assert run(*front, "init", publisher.trust / "root.json").returncode == 0
    with serving(answer(publisher)) as (port, came):
        url = f"http://127.0.0.1:{port}"
        front = (*front, "--metadata-url", f"{url}/metadata")
        assert run(*front, "refresh").returncode == 0
        words = ("--target-base-url", f"{url}/targets", "--target-dir", targets)
        names = ("--target-name", "rules.cwr", "--target-name", "rules.src.tar")
        for _ in range(2):  # what is there is not fetched again
            assert run(*front, *names, *words, "download").returncode == 0
        assert sum(one.target.startswith("/targets") for one in came) == 2
        nothing = run(*front, "--target-name", "nothing", *words, "download")
    assert (nothing.returncode, len(nothing.stderr.splitlines())) == (1, 1)
    assert (targets / "rules.cwr").read_bytes() == files(publisher.folder)["rules.cwr"]
    told = connections(str(metadata / "ledger")).connections
    assert sum(len(one.requests) for one in told) == len(came)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("refresh",), 1),
        (("--metadata-url", "nothing", "refresh"), 1),
        (("--metadata-url", "http://127.0.0.1:9/", "refresh"), 1),
        (("init", "nothing"), 1),
        (("download",), 1),
        (("else",), 2),
        ((), 2),
    ],
)
def test_what_cannot_be_done_is_a_line(
    tmp_path: Path, publisher: Repositories, words: tuple[str, ...], status: int
) -> None:
    run("--metadata-dir", tmp_path, "init", publisher.trust / "root.json")
    ran = run("--metadata-dir", tmp_path, *words)
    assert ran.returncode == status
    assert "Traceback" not in ran.stderr
    assert status == 2 or len(ran.stderr.splitlines()) == 1
