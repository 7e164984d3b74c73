"""Measure the figures of docs/benchmarks.md, beside the peers, in one run.

    python bench/figures.py [--runs N] [--only WORD] [--inputs FOLDER]

Writes docs/benchmarks.md and bench/results.json; with --only, rows of other groups stay
as they were, each with the commit at which it was measured. What is not there (the yara
command, clamd, the shared material) is left out and said.
"""

import argparse
import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import inputs
import ledger
import measure
import mixed
import signatures
from clamd import CLAMD
from patterns import patterns
from reputation import reputation
from rows import CLEARWARD, HERE, Plan, Row, scan
from scanning import YARA, parted, rates, signature_base
from second_scan import second_scan
from serving.table import instream, standing
from updating import updating

RESULTS = HERE / "results.json"


def start(plan: Plan) -> list[Row]:
    """Seconds from the start of the command to its end, for almost no work."""
    one = plan.folder / "one"
    one.mkdir(exist_ok=True)
    (one / "file").write_bytes(b"a file")
    verdict = scan(plan, one / "file")
    usage = [measure.run((*CLEARWARD, "--help")) for _ in range(plan.runs)]
    return [
        Row(
            "one file, the whole command",
            "clearward",
            {"wall s": measure.median(verdict, "wall")},
            "at most 0.7 s",
        ),
        Row(
            "--help",
            "clearward",
            {"wall s": measure.median(usage, "wall")},
            "at most 0.25 s",
        ),
    ]


def memory(plan: Plan) -> list[Row]:
    """Memory of broker, zygotes and workers together."""
    rows = []
    for what, target in (
        ("small files", inputs.small(plan.folder)),
        ("large files", inputs.large(plan.folder)),
        ("containers", inputs.containers(plan.folder)),
        ("a gzip of 3 GB of zeros", inputs.bomb(plan.folder)),
    ):
        runs = scan(plan, target, "--jobs", "2", memory=True)
        figures = {
            "PSS MB": measure.median(runs, "pss") / 1e6,
            "largest process MB": measure.median(runs, "largest") / 1e6,
        }
        rows.append(Row(what, "clearward, 2 workers", figures, "PSS at most 250 MB"))
    return rows


def measure_all(plan: Plan, only: str) -> list[Row]:
    """Every group whose name holds a word."""
    groups: dict[str, Callable[[], list[Row]]] = {
        "start": lambda: start(plan),
        "small": lambda: rates(
            plan, "10,000 files of 4 KB", inputs.small(plan.folder), None
        ),
        "large": lambda: rates(
            plan, "6 files of 32 MB", inputs.large(plan.folder), None
        ),
        "containers": lambda: rates(
            plan, "zip, tar.gz, tar.xz, gz", inputs.containers(plan.folder), None
        ),
        "memory": lambda: memory(plan),
        "mixed": lambda: mixed.mixed(plan),
        "members": lambda: mixed.members(plan),
        "signature-base": lambda: signature_base(plan),
        "parted": lambda: parted(plan),
        "official": lambda: signatures.official(plan),
        "first": lambda: signatures.first_verdicts(plan),
        "digests": lambda: signatures.digests(plan),
        "sparse": lambda: signatures.sparse(plan),
        "second": lambda: second_scan(plan),
        "instream": lambda: instream(plan),
        "standing": lambda: standing(plan),
        "ledger": lambda: ledger.ledger(plan),
        "reputation": lambda: reputation(plan),
        "updating": lambda: updating(plan),
        "patterns": lambda: patterns(plan),
    }
    rows = []
    for name, group in groups.items():
        if only in name:
            print(f"measuring {name}", flush=True)
            rows.extend(group())
    return rows


def kept() -> list[Row]:
    """Rows that were measured before."""
    return [Row(**row) for row in json.loads(RESULTS.read_text("utf-8"))]


def together(before: list[Row], measured: list[Row]) -> list[Row]:
    """Rows that were there, with what was measured now in their places."""
    now = {(row.what, row.who): row for row in measured}
    rows = [now.pop((row.what, row.who), row) for row in before]
    return rows + list(now.values())


def page(rows: list[Row], about: dict[str, str]) -> str:
    """The page docs/benchmarks.md."""
    lines = ["# Benchmarks", "", "Written by `make bench`; medians.", ""]
    lines += [f"* {name}: {value}" for name, value in about.items()]
    shape: tuple[str, ...] = ()
    for row in rows:
        if tuple(row.figures) != shape and row.figures:
            shape = tuple(row.figures)
            names = ("what", "who", *shape, "goal", "at")
            lines += ["", f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
        figures = [f"{row.figures.get(name, 0):,.2f}" for name in shape]
        cells = (row.what, row.who, *figures, row.goal, row.commit)
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", (HERE / "reading.md").read_text("utf-8").strip(), ""]
    return "\n".join(lines)


def about_machine(plan: Plan) -> dict[str, str]:
    """What the figures were measured on."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        model = next((line for line in file if line.startswith("model name")), ":?")
    commit = subprocess.run(
        ("git", "rev-parse", "--short", "HEAD"), capture_output=True, check=False
    )
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%d"),
        "commit": commit.stdout.decode().strip(),
        "processor": f"{os.cpu_count()} cores, {model.partition(':')[2].strip()}",
        "kernel": platform.release(),
        "python": platform.python_version(),
        "yara command": "measured" if YARA else "not installed, not measured",
        "clamd": "measured" if CLAMD else "not installed, not measured",
        "runs of each": str(plan.runs),
    }


def main() -> None:
    """Measure, print, and write the page and the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--inputs", type=Path)
    arguments = parser.parse_args()
    folder = arguments.inputs or Path(tempfile.gettempdir()) / "clearward-bench"
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(folder, arguments.runs)
    about = about_machine(plan)
    measured = [
        replace(row, commit=about["commit"])
        for row in measure_all(plan, arguments.only)
    ]
    rows = together(kept() if arguments.only else [], measured)
    text = page(rows, about)
    print(text)
    (HERE.parent / "docs/benchmarks.md").write_text(text, "utf-8")
    results = json.dumps([asdict(row) for row in rows], indent=1) + "\n"
    RESULTS.write_text(results, "utf-8")


if __name__ == "__main__":
    main()
