"""Run the load generator, which is compiled when it is needed."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_SOURCES = ("load.c", "bodies.c")
_FLAGS = ("-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread")


@dataclass(frozen=True, slots=True)
class Load:
    """What became of a load; times in milliseconds.

    Attributes:
        requests: that were answered.
        seconds: how long they were counted.
        rate: requests a second.
        p50: half of the requests were as quick.
        p99: 99 of 100.
        p999: 999 of 1,000.
        longest: of all.
        errors: requests without an answer, or with one that ends with ERROR.
        wrong: answers other than the one that is due.
    """

    requests: int
    seconds: float
    rate: float
    p50: float
    p99: float
    p999: float
    longest: float
    errors: int
    wrong: int


def program(folder: Path) -> Path:
    """The load generator, compiled in a folder."""
    made = folder / "load"
    sources = [str(_HERE / one) for one in _SOURCES]
    subprocess.run(("gcc", *_FLAGS, "-o", str(made), *sources), check=True)
    return made


def begin(  # noqa: PLR0917 - what a load is
    made: Path, address: str, mode: str, connections: int, seconds: float, bodies: Path
) -> "subprocess.Popen[bytes]":
    """Start a load; `finish` waits for it."""
    words = (address, mode, str(connections), f"{seconds:.3f}", str(bodies))
    return subprocess.Popen((str(made), *words), stdout=subprocess.PIPE)


def finish(running: "subprocess.Popen[bytes]") -> Load:
    """What became of it."""
    out, _ = running.communicate()
    if running.returncode:
        raise RuntimeError("the load generator ended with an error")
    return Load(**json.loads(out))
