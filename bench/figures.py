"""Measure the figures of docs/benchmarks.md, beside the peers, in one run.

    python bench/figures.py [--runs N] [--only WORD]

Writes docs/benchmarks.md and bench/results.json. The yara command is measured if it is
installed; signature-base if the shared material is there (CLEARWARD_SHARED).
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import inputs
import measure

HERE = Path(__file__).parent
BUNDLE = HERE.parent / "src/clearward/rules/bundle"
CLEARWARD = (sys.executable, "-m", "clearward")
SHARED = Path(os.environ.get("CLEARWARD_SHARED", HERE.parent.parent / "shared"))
YARA = shutil.which("yara")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes:
        what: what was scanned or run.
        who: which program.
        figures: name and value with unit, in the order of the columns.
        goal: what the issue asks for; empty if nothing.
    """

    what: str
    who: str
    figures: dict[str, float] = field(default_factory=dict)
    goal: str = ""


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


def summary(run: measure.Measured) -> dict[str, float]:
    """The summary that a run printed."""
    last = json.loads(run.out.splitlines()[-1])
    return dict(last["summary"])


def rates(plan: Plan, what: str, target: Path, rules: Path | None) -> list[Row]:
    """Clearward and the peers on one folder with one set of rules."""
    chosen: tuple[str | Path, ...] = ()
    if rules:
        chosen = ("--no-default-rules", "--rules", rules)
    empty = plan.folder / "empty"
    empty.mkdir(exist_ok=True)
    idle = measure.median(scan(plan, empty, "--jobs", "1", *chosen), "cpu")
    rows = []
    for jobs in ("1", "2"):
        runs = scan(plan, target, "--jobs", jobs, *chosen)
        middle = sorted(runs, key=lambda run: summary(run)["seconds"])[len(runs) // 2]
        said = summary(middle)
        cpu = measure.median(runs, "cpu") - idle
        figures = _figures(said["files"], said["bytes"], said["seconds"], cpu)
        rows.append(Row(what, f"clearward, {jobs} workers", figures))
    peers = [_yara_x(rules or BUNDLE, target) for _ in range(plan.runs)]
    peer = sorted(peers, key=lambda one: one["cpu"])[len(peers) // 2]
    rows.append(Row(what, "yara-x in process", _figures(**peer)))
    if YARA:
        rows.append(_yara(plan, what, rules or BUNDLE, target))
    return rows


def _figures(
    files: float, bytes: float, wall: float, cpu: float, **_: float
) -> dict[str, float]:
    return {
        "files/s": files / wall,
        "MB/s": bytes / 1e6 / wall,
        "MB per CPU s": bytes / 1e6 / cpu if cpu else 0.0,
        "CPU s": cpu,
        "wall s": wall,
    }


def _yara_x(rules: Path, target: Path) -> dict[str, float]:
    command = (sys.executable, HERE / "peers.py", rules, target)
    return dict(json.loads(measure.run(command).out))


def _yara(plan: Plan, what: str, rules: Path, target: Path) -> Row:
    """The yara command; compiling is measured on an empty folder and subtracted."""
    files = sorted(rules.rglob("*.yar")) if rules.is_dir() else [rules]
    variables = [
        word
        for name in ("filename", "filepath", "extension", "filetype", "owner")
        for word in ("-d", f"{name}=")
    ]
    base: tuple[str | Path, ...] = (
        YARA or "yara",
        "-w",
        "-r",
        "-p",
        "1",
        *variables,
        *files,
    )
    empty = plan.folder / "empty"
    idle = [measure.run((*base, empty)) for _ in range(plan.runs)]
    runs = [measure.run((*base, target)) for _ in range(plan.runs)]
    if any(run.status for run in runs):
        return Row(what, "yara command (refuses these rules)")
    wall = measure.median(runs, "wall") - measure.median(idle, "wall")
    cpu = measure.median(runs, "cpu") - measure.median(idle, "cpu")
    sizes = [path.stat().st_size for path in target.rglob("*") if path.is_file()]
    return Row(what, "yara command", _figures(len(sizes), sum(sizes), wall, cpu))


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


def signature_base(plan: Plan) -> list[Row]:
    """A big public set on programs, if the shared material is there."""
    archive = SHARED / "corpora/rules.tar.zst"
    if not archive.exists():
        print("signature-base: skipped, no shared material")
        return []
    rules = plan.folder / "rules"
    if not rules.exists():
        rules.mkdir()
        command = ("tar", "--zstd", "-xf", archive, "-C", rules, "yara/signature-base")
        subprocess.run(command, check=True)
    return rates(
        plan,
        "programs, signature-base",
        inputs.programs(plan.folder),
        rules / "yara/signature-base",
    )


def parted(plan: Plan) -> list[Row]:
    """Two big public sets on text, programs and containers, if they are there."""
    archive = SHARED / "corpora/rules.tar.zst"
    if not archive.exists():
        print("parted: skipped, no shared material")
        return []
    rules = plan.folder / "rules-parted"
    if not rules.exists():
        rules.mkdir()
        sets = ("yara/signature-base", "yara/reversinglabs")
        subprocess.run(
            ("tar", "--zstd", "-xf", archive, "-C", rules, *sets), check=True
        )
    goals = {
        "text": (_library(plan), "MB per CPU s: 3 x yara-x"),
        "programs": (inputs.programs(plan.folder), "1 x yara-x"),
        "containers": (inputs.containers(plan.folder), "1 x yara-x"),
    }
    return [
        replace(row, goal=goal if row.who.startswith("clearward") else "")
        for what, (target, goal) in goals.items()
        for row in rates(
            plan, f"{what}, signature-base and reversinglabs", target, rules
        )
    ]


def _library(plan: Plan) -> Path:
    """The source text of Python's own library."""
    made = plan.folder / "library"
    if not made.exists():
        library = Path(sysconfig.get_path("stdlib"))
        others = shutil.ignore_patterns("site-packages", "dist-packages", "__pycache__")
        shutil.copytree(library, made, ignore=others)
        for path in made.rglob("*"):
            if path.is_file() and path.suffix != ".py":
                path.unlink()
    return made


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
        "signature-base": lambda: signature_base(plan),
        "parted": lambda: parted(plan),
    }
    rows = []
    for name, group in groups.items():
        if only in name:
            print(f"measuring {name}", flush=True)
            rows.extend(group())
    return rows


def page(rows: list[Row], about: dict[str, str]) -> str:
    """The page docs/benchmarks.md."""
    lines = ["# Benchmarks", "", "Written by `make bench`; medians.", ""]
    lines += [f"* {name}: {value}" for name, value in about.items()]
    shape: tuple[str, ...] = ()
    for row in rows:
        if tuple(row.figures) != shape and row.figures:
            shape = tuple(row.figures)
            names = ("what", "who", *shape, "goal")
            lines += ["", f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
        figures = [f"{row.figures.get(name, 0):,.2f}" for name in shape]
        lines.append(f"| {row.what} | {row.who} | {' | '.join(figures)} | {row.goal} |")
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
    rows = measure_all(plan, arguments.only)
    text = page(rows, about_machine(plan))
    print(text)
    if not arguments.only:
        (HERE.parent / "docs/benchmarks.md").write_text(text, "utf-8")
        results = json.dumps([asdict(row) for row in rows], indent=1) + "\n"
        (HERE / "results.json").write_text(results, "utf-8")


if __name__ == "__main__":
    main()
