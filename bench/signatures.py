"""ClamAV's signatures: rates, starts and memory, beside clamd."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import clamd
import inputs
import measure
from rows import HERE, SHARED, Plan, Row, compiled, scan, summary

_KINDS = {
    "PE": (inputs.windows, "10 x clamd"),
    "ELF": (inputs.programs, "3 x clamd"),
    "text": (inputs.library, "8 x clamd"),
    "HTML": (inputs.pages, "8 x clamd"),
}
COPIES, DIGESTS = 6, 5_000_000  # of 41,000 public signatures; and of digests


def official(plan: Plan) -> list[Row]:
    """Rates on four kinds of files, with one worker and with two."""
    databases = _official(plan)
    if databases is None:
        return []
    image = compiled(plan, "official", databases)
    rows: list[Row] = []
    with _peer(plan, databases) as peer:
        for what, (make, goal) in _KINDS.items():
            target = make(plan.folder)
            if any(target.iterdir()):
                rows += _beside(
                    plan, f"{what}, official signatures", target, image, peer, goal
                )
            else:
                print(f"{what}: skipped, none on this machine")
    return rows


def _beside(  # noqa: PLR0917 - what a comparison is made of
    plan: Plan, what: str, target: Path, image: Path, peer: clamd.Peer | None, goal: str
) -> list[Row]:
    """Clearward and clamd in turns, so that both meet the same weather."""
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    rules = ("--no-default-rules", "--rules", image)
    idle = measure.median(scan(plan, _empty(plan), "--jobs", "1", *rules), "cpu")
    once = Plan(plan.folder, 1)
    ours: dict[str, list[measure.Measured]] = {"1": [], "2": []}
    theirs: list[float] = []
    for _ in range(plan.runs):
        for jobs in ours:
            ours[jobs] += scan(once, target, "--jobs", jobs, *rules)
        if peer is not None:
            theirs.append(peer.scan(target))
    clamd_cpu = sorted(theirs)[len(theirs) // 2] if theirs else 0.0
    walls = {jobs: _seconds(runs) for jobs, runs in ours.items()}
    rows = []
    for jobs, runs in ours.items():
        cpu = measure.median(runs, "cpu") - idle
        figures = {
            "MB per CPU s": size / 1e6 / cpu,
            "CPU s": cpu,
            "wall s": walls[jobs],
            "x clamd": clamd_cpu / cpu,
            "x one worker": walls["1"] / walls[jobs],
        }
        asked = goal if jobs == "1" else "1.8 x one worker"
        rows.append(Row(what, f"clearward, {jobs} workers", figures, asked))
    if theirs:
        figures = {"MB per CPU s": size / 1e6 / clamd_cpu, "CPU s": clamd_cpu}
        rows.append(
            Row(
                what,
                "clamd",
                {**figures, "wall s": 0.0, "x clamd": 1.0, "x one worker": 0.0},
            )
        )
    return rows


def first_verdicts(plan: Plan) -> list[Row]:
    """The whole command for one small file, cold, and the memory of everything."""
    rows: list[Row] = []
    one = plan.folder / "one"
    one.mkdir(exist_ok=True)
    (one / "file").write_bytes(b"a file of a few bytes")
    databases = _official(plan)
    if databases is None:
        return []
    many = _many(plan, databases)
    sets = {"official signatures": databases, "246k signatures and 5 M digests": many}
    for what, sources in sets.items():
        image = compiled(plan, what.split()[0], sources)
        options = ("--no-default-rules", "--rules", image, "--jobs", "2")
        wall = measure.median(scan(plan, one, *options), "wall")
        large = scan(plan, inputs.programs(plan.folder), *options, memory=True)
        figures = {
            "first verdict s": wall,
            "PSS MB": measure.median(large, "pss") / 1e6,
        }
        rows.append(Row(what, "clearward, 2 workers", figures, "0.5 s, 300 MB"))
        with _peer(plan, sources) as peer:
            if peer is not None:
                figures = {"first verdict s": peer.loading, "PSS MB": peer.pss / 1e6}
                rows.append(Row(what, "clamd", figures))
    return rows


def digests(plan: Plan) -> list[Row]:
    """Look-ups of digests that are not there, in one set of five million."""
    databases = _official(plan)
    if databases is None:
        return []
    image = compiled(plan, "246k", _many(plan, databases))
    command = (sys.executable, HERE / "lookups.py", image)
    runs = [json.loads(measure.run(command).out) for _ in range(plan.runs)]
    rate = sorted(run["rate"] for run in runs)[len(runs) // 2]
    figures = {"million a second": rate / 1e6, "digests": float(runs[0]["digests"])}
    return [
        Row("digests that are not there", "clearward", figures, "5 million a second")
    ]


def sparse(plan: Plan) -> list[Row]:
    """A file of 8 GB, empty but for a marker at its end."""
    target, rule = inputs.sparse(plan.folder), plan.folder / "marker.ndb"
    rule.write_text(f"Marker:0:*:{inputs.MARKER.hex()}\n")
    options = ("--no-default-rules", "--rules", rule, "--max-scan-size", "16g")
    runs = scan(Plan(plan.folder, 1), target, *options, memory=True)
    found = float(summary(runs[0])["found"])
    figures = {
        "found": found,
        "largest process MB": measure.median(runs, "largest") / 1e6,
        "wall s": _seconds(runs),
    }
    return [
        Row("8 GB sparse, marker at the end", "clearward", figures, "found, 400 MB")
    ]


def _official(plan: Plan) -> Path | None:
    archive = SHARED / "corpora/rules.tar.zst"
    if not archive.exists():
        print("official signatures: skipped, no shared material")
        return None
    folder = plan.folder / "official"
    if not folder.exists():
        folder.mkdir()
        command = ("tar", "--zstd", "-xf", archive, "-C", folder, "clamav")
        subprocess.run(command, check=True)
    return folder / "clamav"


def _many(plan: Plan, databases: Path) -> Path:
    """Variants of the public signatures, and digests, by the shared script."""
    folder = plan.folder / "many"
    if not folder.exists():
        folder.mkdir()
        script = (sys.executable, SHARED / "corpora/make_scale_db.py")
        for name in ("main.ldb", "rfxn.ndb"):
            variants = ("signatures", databases / name, str(COPIES), folder / name)
            subprocess.run((*script, *variants), check=True)
        hashes = ("hashes", str(DIGESTS), folder / "many.hsb")
        subprocess.run((*script, *hashes), check=True)
    return folder


def _empty(plan: Plan) -> Path:
    empty = plan.folder / "empty"
    empty.mkdir(exist_ok=True)
    return empty


def _seconds(runs: list[measure.Measured]) -> float:
    """The median of what the summaries say."""
    return sorted(summary(run)["seconds"] for run in runs)[len(runs) // 2]


@contextmanager
def _peer(plan: Plan, databases: Path) -> Iterator[clamd.Peer | None]:
    """clamd, if it is installed."""
    if clamd.CLAMD is None:
        yield None
        return
    with clamd.running(plan.folder, databases) as peer:
        yield peer
