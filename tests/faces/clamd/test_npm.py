"""Clients of npm against a running server: clean, found, and what is not scanned.

`tools/peers.sh` installs them, in the versions of tests/peers/package-lock.json.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.clamd_served import (
    NAME,
    SAID_OF_LIMIT,
    Desk,
    Samples,
    desk,
    open_folder,
    samples,
)

PEERS = Path(__file__).parents[2] / "peers"
NEVER_CLEAN = (["error"] * 2, [True] * 2)
TIMES = 5  # a lost answer is lost in a race


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_folder(tmp_path_factory, "npm")


@pytest.fixture(scope="module")
def one(folder: Path) -> Iterator[Desk]:
    with desk(folder) as running:
        yield running


@pytest.fixture(scope="module")
def files(folder: Path) -> Samples:
    return samples(folder)


def asked(package: str, place: str, *paths: Path) -> dict[str, Any]:
    """What a package says of some files, and of the server."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (PEERS / "node_modules" / package).is_dir():
        pytest.skip(f"{package} of npm is not installed")
    ran = subprocess.run(
        [node, PEERS / "clamd_clients.js", package, place, *paths],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    answers: dict[str, Any] = json.loads(ran.stdout)
    return answers


@pytest.mark.parametrize(
    ("package", "kind"),
    [
        *(("clamscan", "tcp"), ("clamscan", "unix")),
        *(("clamdjs", "tcp"), ("clamav.js", "tcp")),
    ],
)
class TestEach:
    """Each of them, by each address that it can use."""

    def test_it_gets_on_with_the_server(
        self, one: Desk, files: Samples, package: str, kind: str
    ) -> None:
        place = one.unix if kind == "unix" else str(one.port)
        said = asked(package, place, files.clean, files.found)
        assert said["ping"] == "PONG"
        assert said["version"].startswith("ClamAV 1.4.6/")
        clean, found = said["said"]
        for way in ("stream", "whole"):
            assert clean[way][0] is False
            infected, *names = found[way]
            assert infected is True
            assert NAME in names[0]

    def test_it_never_takes_what_is_unscanned_for_clean(
        self, one: Desk, files: Samples, package: str, kind: str
    ) -> None:
        place = one.unix if kind == "unix" else str(one.port)
        said = asked(package, place, files.locked, *[files.large] * TIMES)
        locked, *large = said["said"]
        assert [locked[way][0] for way in ("stream", "whole")] in NEVER_CLEAN
        for each in large:
            assert each["stream"][0] == "error"
            assert SAID_OF_LIMIT in each["stream"][1]
            # By its path behind a Unix socket, where no length is too much.
            assert each["whole"][0] == "error" or kind == "unix"
