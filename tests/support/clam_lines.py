"""Run `clearward-clamscan` and `clearward-clamdscan`, and compare their lines."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TIMES = re.compile(
    r"^(Time: )[0-9.]+ sec .*$|^(Start Date: |End Date:   )[0-9: ]+$",
    re.MULTILINE,
)
_START = (
    "import sys; sys.argv[0] = {0!r}; from clearward.faces.{0}.main import main; main()"
)


@dataclass(frozen=True, slots=True)
class Lines:
    """What a command did, with its times taken out."""

    status: int
    out: str
    err: str

    @property
    def sorted(self) -> list[str]:
        """The lines on standard output, where the order of a folder does not count."""
        return sorted(self.out.splitlines())


def run(
    program: str,
    *arguments: str | os.PathLike[str],
    given: bytes = b"",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Lines:
    """Run ``clamscan`` or ``clamdscan`` of this project."""
    done = subprocess.run(
        [sys.executable, "-c", _START.format(program), *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=300,
        cwd=folder,
        env={**os.environ, **(environment or {})},
    )
    return Lines(done.returncode, timeless(done.stdout), timeless(done.stderr))


def timeless(raw: bytes | str) -> str:
    """Return text without the times in it."""
    text = raw if isinstance(raw, str) else raw.decode()
    return _TIMES.sub(lambda found: found[1] or found[2], text)
