"""Rates of scanning with YARA rules, beside yara-x in process and the yara command."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import inputs
import measure
from rows import HERE, SHARED, Plan, Row, compiled, scan, speed, summary

BUNDLE = HERE.parent / "src/clearward/rules/bundle"
YARA = shutil.which("yara")


def rates(plan: Plan, what: str, target: Path, rules: Path | None) -> list[Row]:
    """Clearward and the peers on one folder with one set of rules."""
    chosen: tuple[str | Path, ...] = ()
    if rules:
        image = compiled(plan, rules.name, rules)
        chosen = ("--no-default-rules", "--rules", image)
    empty = plan.folder / "empty"
    empty.mkdir(exist_ok=True)
    idle = measure.median(scan(plan, empty, "--jobs", "1", *chosen), "cpu")
    rows = []
    for jobs in ("1", "2"):
        runs = scan(plan, target, "--jobs", jobs, *chosen)
        middle = sorted(runs, key=lambda run: summary(run)["seconds"])[len(runs) // 2]
        said = summary(middle)
        cpu = measure.median(runs, "cpu") - idle
        figures = speed(said["files"], said["bytes"], said["seconds"], cpu)
        rows.append(Row(what, f"clearward, {jobs} workers", figures))
    peers = [_yara_x(rules or BUNDLE, target) for _ in range(plan.runs)]
    peer = sorted(peers, key=lambda one: one["cpu"])[len(peers) // 2]
    rows.append(Row(what, "yara-x in process", speed(**peer)))
    if YARA:
        rows.append(_yara(plan, what, rules or BUNDLE, target))
    return rows


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
    return Row(what, "yara command", speed(len(sizes), sum(sizes), wall, cpu))


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
        "text": (inputs.library(plan.folder), "MB per CPU s: 3 x yara-x"),
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
