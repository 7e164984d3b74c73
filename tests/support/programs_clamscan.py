"""Ask clamscan what it finds with a small database."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

CLAMSCAN = shutil.which("clamscan")
NEEDS_CLAMSCAN = pytest.mark.skipif(CLAMSCAN is None, reason="needs clamscan")


def found(folder: Path, kind: str, lines: Iterable[str], data: bytes) -> set[str]:
    """Names that clamscan prints for a file, with a database of the kind."""
    database = folder / f"rules.{kind}"
    database.write_text("".join(f"{line}\n" for line in lines), "ascii")
    scanned = folder / "scanned"
    scanned.write_bytes(data)
    command = [str(CLAMSCAN), "--no-summary", "--allmatch", "-d", str(database)]
    ran = subprocess.run([*command, str(scanned)], capture_output=True, text=True)  # noqa: PLW1510 - 1 is "found"
    assert ran.returncode in {0, 1}, ran.stderr
    names = (line.rpartition(": ")[2] for line in ran.stdout.splitlines())
    return {name.split(".UNOFFICIAL")[0] for name in names if name.endswith(" FOUND")}


def marked(size: int) -> bytes:
    """Bytes of which no four at a multiple of four occur twice."""
    return b"".join(b"%04x" % (place % 0x10000) for place in range(0, size, 4))[:size]
