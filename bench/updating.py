"""What an update asks for, and what checking installed rules costs.

    python bench/updating.py [FOLDER]

A release of 250,000 signatures is published, and installed from a server on this
machine. Then an empty folder is scanned: with these rules as the installed ones, which
are verified, and with the same image named by --rules, which is not.
"""

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import measure
from rows import CLEARWARD, HERE, Plan, Row

SIGNATURES = 250_000
LOAD_GOAL = "at most 0.5 s"
CHECK_GOAL = "at most 3 requests and 10 kB"


def updating(plan: Plan) -> list[Row]:
    """Both figures."""
    home = plan.folder / "installed"
    os.environ["CLEARWARD_HOME"] = str(home)
    try:
        repository = _published(plan)
        with _server(repository) as address:
            words = ("update", "--from", address, "--json")
            _run(*words, "--trust", repository / "trust")
            _run("ledger", "verify")
            before = len(_connections())
            checks = [measure.run((*CLEARWARD, *words)) for _ in range(plan.runs)]
            asked = _connections()[before:]
            rows = [_checked(checks, asked), *_loaded(plan, home)]
            return [*rows, *_changed(plan, address)]
    finally:
        del os.environ["CLEARWARD_HOME"]


def _checked(runs: list[measure.Measured], asked: list[dict[str, Any]]) -> Row:
    moved = sum(row["sent"] + row["received"] for row in asked)
    requests = sum(len(row["requests"]) for row in asked)
    figures = {
        "requests": requests / len(runs),
        "bytes": moved / len(runs),
        "wall s": measure.median(runs, "wall"),
    }
    return Row("update check with nothing new", "clearward", figures, CHECK_GOAL)


def _changed(plan: Plan, address: str) -> list[Row]:
    """What an update moves for one more signature, by a new home and by an old."""
    repository, more = plan.folder / "repository", plan.folder / "more.ndb"
    more.write_text(f"Bench.More:0:*:{secrets.token_hex(20)}\n", "ascii")
    both = ("--repo", repository, "--keys", plan.folder / "keys")
    _run("publish", "add", *both, plan.folder / "made", more)
    rows = []
    for what, home in (("whole", "new"), ("pieces", "installed")):
        os.environ["CLEARWARD_HOME"] = str(plan.folder / home)
        before = len(_connections()) if home == "installed" else 0
        words = ("update", "--from", address, "--trust", repository / "trust")
        wall = measure.run((*CLEARWARD, *words, "--json")).wall
        asked = _connections()[before:]
        moved = sum(row["sent"] + row["received"] for row in asked)
        requests = sum(len(row["requests"]) for row in asked)
        figures = {"requests": float(requests), "bytes": moved, "wall s": wall}
        rows.append(Row(f"one more signature, {what}", "clearward", figures, ""))
    return rows


def _loaded(plan: Plan, home: Path) -> list[Row]:
    """In turns, so that both meet the same weather."""
    (empty := plan.folder / "nothing").mkdir(exist_ok=True)
    (image,) = home.glob("rules/current/rules.cwr")
    ways = {"verified": (), "not verified": ("--no-default-rules", "--rules", image)}
    walls: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(2 * plan.runs + 1):
        for way, options in ways.items():
            scan = (*CLEARWARD, "scan", "--no-cache", *options, empty)
            walls[way].append(measure.run(scan).wall)
    what = f"{SIGNATURES:,} signatures loaded, whole command, "
    return [
        Row(what + way, "clearward", {"wall s": statistics.median(found)}, LOAD_GOAL)
        for way, found in walls.items()
    ]


def _published(plan: Plan) -> Path:
    repository, keys = plan.folder / "repository", plan.folder / "keys"
    if not (repository / "targets").exists():
        sources = plan.folder / "made"
        command = (sys.executable, HERE / "signature_inputs.py", str(SIGNATURES))
        subprocess.run((*command, sources), check=True)
        both = ("--repo", repository, "--keys", keys)
        _run("publish", "init", *both, "--origin", "bench.example/rules")
        _run("publish", "add", *both, sources)
    return repository


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"]
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().rpartition("(")[2].partition(")")[0]
        yield address
        server.kill()


def _connections() -> list[dict[str, Any]]:
    ran = subprocess.run(
        [*CLEARWARD, "ledger", "list", "--json"], capture_output=True, check=True
    )
    return [json.loads(line) for line in ran.stdout.splitlines()[:-1]]


def _run(*words: str | Path) -> None:
    subprocess.run([*CLEARWARD, *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        folder = Path(sys.argv[1] if sys.argv[1:] else made)
        folder.mkdir(exist_ok=True)
        for row in updating(Plan(folder, 5)):
            print(row.what, row.figures)
