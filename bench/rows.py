"""What every group of figures is made of: rows of a table, and runs of clearward."""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import measure

CLEARWARD = (sys.executable, "-m", "clearward")
HERE = Path(__file__).parent
SHARED = Path(os.environ.get("CLEARWARD_SHARED", HERE.parent.parent / "shared"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes:
        what: what was scanned or run.
        who: which program.
        figures: name and value with unit, in the order of the columns.
        goal: what the issue asks for; empty if nothing.
        commit: at which it was measured.
    """

    what: str
    who: str
    figures: dict[str, float] = field(default_factory=dict)
    goal: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to measure.

    Attributes:
        folder: where inputs lie.
        runs: how often each thing is measured; medians are kept.
    """

    folder: Path
    runs: int


def scan(
    plan: Plan, target: Path, *options: str | Path, memory: bool = False
) -> list[measure.Measured]:
    """Scan a folder several times."""
    command: list[str | Path] = [*CLEARWARD, "scan", "--json", "--no-cache"]
    command += [*options, target]
    return [measure.run(command, memory=memory) for _ in range(plan.runs)]


def compiled(plan: Plan, name: str, sources: Path) -> Path:
    """The image of some sources, made once; how long it took is printed."""
    image = plan.folder / f"{name}.cwr"
    if not image.exists():
        command = (*CLEARWARD, "rules", "compile", "--json", sources, "-o", image)
        done = measure.run(command, memory=True)
        if done.status:
            raise RuntimeError(f"rules compile ended with {done.status}")
        pss = done.pss / 1e6
        print(
            f"{name}: compiled in {done.wall:.1f} s, {done.cpu:.1f} CPU s, {pss:.0f} MB"
        )
    return image


def summary(run: measure.Measured) -> dict[str, float]:
    """The summary that a run printed."""
    last = json.loads(run.out.splitlines()[-1])
    return dict(last["summary"])


def speed(
    files: float, bytes: float, wall: float, cpu: float, **_: float
) -> dict[str, float]:
    """Rates, from what was scanned and how long it took."""
    return {
        "files/s": files / wall,
        "MB/s": bytes / 1e6 / wall,
        "MB per CPU s": bytes / 1e6 / cpu if cpu else 0.0,
        "CPU s": cpu,
        "wall s": wall,
    }
