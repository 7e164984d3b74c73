"""Run the command as a person would, in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

COMMAND = (sys.executable, "-m", "clearward")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    status: int
    out: bytes
    err: bytes

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The NDJSON on standard output, without the summary."""
        return [row for row in self._objects() if "summary" not in row]

    @property
    def summary(self) -> dict[str, Any]:
        """The summary object."""
        (summary,) = (row["summary"] for row in self._objects() if "summary" in row)
        return dict(summary)

    def by_name(self) -> dict[str, dict[str, Any]]:
        """Rows by the last component of their path."""
        return {row["path"].rpartition("/")[2]: row for row in self.rows}

    def _objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def clearward(
    *arguments: str | bytes | os.PathLike[str],
    given: bytes | None = None,
    environment: dict[str, str] | None = None,
    before: Sequence[str] = (),
) -> Ran:
    """Run `clearward` with some arguments.

    Args:
        arguments: of the command.
        given: standard input.
        environment: added to the environment.
        before: words in front of the command, such as ``("unshare", "-m")``.
    """
    done = subprocess.run(
        [*before, *COMMAND, *arguments],
        input=given if given is not None else b"",
        capture_output=True,
        check=False,
        timeout=600,
        env={**os.environ, **(environment or {})},
    )
    return Ran(done.returncode, done.stdout, done.stderr)
