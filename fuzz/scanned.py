"""Scan many files with one command, and measure what it took.

The files go through the jailed pool, as they would for a person. Largest memory is that
of the largest process of all that the command started and waited for.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("CLEARWARD_SHARED", Path(__file__).parents[2] / "shared"))
COMMAND = (sys.executable, "-m", "clearward", "scan", "--json", "--no-cache")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan said and took.

    Attributes:
        status: of the command; negative if a signal ended it.
        rows: its answers, one for each file.
        out, err: what it printed.
        largest: bytes that its largest process had in memory.
    """

    status: int
    rows: list[dict[str, Any]]
    out: bytes
    err: bytes
    largest: int

    def with_reason(self, reason: str) -> list[dict[str, Any]]:
        """The rows that give this reason."""
        return [row for row in self.rows if reason in row["reasons"]]

    @property
    def longest(self) -> float:
        """Seconds of the slowest file."""
        return max((row["ms"] / 1000 for row in self.rows), default=0.0)


def scan(paths: Sequence[Path], *options: str | Path) -> Scanned:
    """Scan files and trees with these options."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(
            (*COMMAND, *options, "--files-from", "-", "--null"),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
        )
        if child.stdin is not None:
            child.stdin.write(b"".join(os.fsencode(path) + b"\0" for path in paths))
            child.stdin.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        printed = out.read()
        return Scanned(
            child.returncode,
            [row for row in _objects(printed) if "outcome" in row],
            printed,
            err.read(),
            usage.ru_maxrss * 1024,
        )


def _objects(printed: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]
