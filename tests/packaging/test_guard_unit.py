"""The guard guards with the rights of its unit and no others, in mounts of the test."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.guarding import needs_rights
from support.marks import EICAR

UNIT = Path(__file__).parents[2] / "packaging/systemd/clearward-guard.service"
PATIENCE = 60.0  # seconds

# A tmpfs of its own, with a file to deny and one to allow; then the guard.
START = """
mount --make-rprivate / && mount -t tmpfs none "$1" && cp "$2" "$1/bad" || exit 77
echo good > "$1/good"
shift 2
exec "$@"
"""


def bounding_set() -> str:
    """The capabilities of the unit, as setpriv takes them."""
    lines = UNIT.read_text("ascii").splitlines()
    words = [
        word
        for line in lines
        if line.startswith("CapabilityBoundingSet=")
        for word in line.partition("=")[2].split()
    ]
    return ",".join("+" + word.removeprefix("CAP_").lower() for word in words)


@contextmanager
def guarding(folder: Path, rights: str) -> Iterator[tuple[int, Path]]:
    """Start it; give its process number and what it says."""
    said, place, bad = folder / "said", folder / "guarded", folder / "bad"
    place.mkdir()
    bad.write_bytes(EICAR)
    environment = {**os.environ, "CLEARWARD_HOME": str(folder / "home")}
    with said.open("wb") as errors:
        process = subprocess.Popen(
            (
                *("unshare", "-m", "sh", "-c", START, "sh", place, bad),
                *("setpriv", f"--bounding-set=-all,{rights}", "--no-new-privs", "--"),
                *(sys.executable, "-m", "clearward", "guard", "--open"),
                *("--require-level", "A", place),
            ),
            stderr=errors,
            stdout=subprocess.DEVNULL,
            env=environment,
        )
    try:
        yield process.pid, said
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="no setpriv here")
def test_found_is_denied_with_the_rights_of_the_unit(tmp_path: Path) -> None:
    needs_rights()
    with guarding(tmp_path, bounding_set()) as (process, said):
        until = time.monotonic() + PATIENCE
        while "ready " not in said.read_text():
            assert time.monotonic() < until, said.read_text()
            assert Path(f"/proc/{process}").exists(), said.read_text()
            time.sleep(0.02)
        assert read(process, tmp_path / "guarded/good") == b"good\n"
        assert read(process, tmp_path / "guarded/bad") == b""
        assert "Traceback" not in said.read_text()


def read(process: int, path: Path) -> bytes:
    """What another process of the same mounts reads."""
    command = ("nsenter", "-t", str(process), "-m", "cat", str(path))
    return subprocess.run(command, capture_output=True, check=False).stdout
