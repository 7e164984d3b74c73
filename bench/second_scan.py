"""The second scan of an unchanged tree, beside clamd's second pass with its own cache.

Both have the same one signature and have scanned the tree once before. Clearward's
seconds are those of its summary, from the first file on; clamd's are those of
`clamdscan -m` on all its threads, the whole command, which starts in a few milliseconds
and walks the tree itself.
"""

import os
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import clamd
import inputs
import measure
from rows import CLEARWARD, Plan, Row, summary

THREADS = 10  # clamd's default
GOAL = "100,000 files/s and 50 x clamd"
_WHAT = "second scan of an unchanged tree"
_LEAST = 0.005  # seconds that the plain summary can show
_SIGNATURE = "Bench.Marker:0:*:{}\n"


def second_scan(plan: Plan) -> list[Row]:
    """Both in turns, so that they meet the same weather."""
    target = inputs.tree(plan.folder)
    rules = plan.folder / "marker"
    rules.mkdir(exist_ok=True)
    (rules / "marker.ndb").write_text(_SIGNATURE.format(inputs.MARKER.hex()))
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        peer = None
        if clamd.CLAMD is not None:
            running = clamd.running(plan.folder, rules, THREADS, cache=True)
            peer = stack.enter_context(running)
            _seconds_of(peer, target)
        first = _scan(home, rules, target)
        _scan(home, rules, target, "--json")
        plain, lines, theirs = [], [], []
        for _ in range(plan.runs):
            plain.append(_scan(home, rules, target))
            lines.append(_scan(home, rules, target, "--json"))
            if peer is not None:
                theirs.append(_seconds_of(peer, target))
    files = sum(len(names) for *_, names in os.walk(target))
    slow = files / statistics.median(theirs) if theirs else 0.0
    idle = _idle(plan, rules)
    rows = [
        Row(f"{_WHAT}, the first", "clearward", _figures(files, [first], idle, slow)),
        Row(_WHAT, "clearward", _figures(files, plain, idle, slow), GOAL),
        Row(_WHAT, "clearward, --json", _figures(files, lines, idle, slow)),
    ]
    if theirs:
        figures = {"files/s": slow, "wall s": statistics.median(theirs)}
        rows.append(
            Row(_WHAT, "clamd", {**figures, "files per CPU s": 0.0, "x clamd": 1.0})
        )
    return rows


def _figures(
    files: int, runs: list[measure.Measured], idle: float, slow: float
) -> dict[str, float]:
    """Rates; what starting costs is taken off the CPU time."""
    wall = statistics.median(_seconds(run) for run in runs)
    cpu = max(measure.median(runs, "cpu") - idle, 0.01)
    return {
        "files/s": files / wall,
        "wall s": wall,
        "files per CPU s": files / cpu,
        "x clamd": files / wall / slow if slow else 0.0,
    }


def _seconds(run: measure.Measured) -> float:
    """Seconds from the first file on, by JSON or by the plain summary's line."""
    if run.out.startswith(b"{"):
        return summary(run)["seconds"]
    (line,) = (line for line in run.out.splitlines() if line.startswith(b"read:"))
    return max(float(line.partition(b" in ")[2].split()[0]), _LEAST)


def _scan(home: Path, rules: Path, target: Path, *options: str) -> measure.Measured:
    """Scan with a home of its own, and with what is remembered."""
    os.environ["CLEARWARD_HOME"] = str(home)
    words: tuple[str | Path, ...] = (
        "--no-default-rules",
        "--rules",
        rules,
        *options,
        target,
    )
    try:
        return measure.run((*CLEARWARD, "scan", *words))
    finally:
        del os.environ["CLEARWARD_HOME"]


def _idle(plan: Plan, rules: Path) -> float:
    """CPU seconds of a scan of nothing."""
    empty = plan.folder / "empty"
    empty.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        runs = [_scan(Path(home), rules, empty) for _ in range(plan.runs)]
    return measure.median(runs, "cpu")


def _seconds_of(peer: clamd.Peer, target: Path) -> float:
    """Seconds of one pass of clamd."""
    command = ("clamdscan", "-m", "--config-file", peer.settings, "--no-summary")
    start = time.monotonic()
    subprocess.run(
        (*map(str, command), str(target)), stdout=subprocess.DEVNULL, check=True
    )
    return time.monotonic() - start
