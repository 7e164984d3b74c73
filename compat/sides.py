"""The two sides: clearward as a person would run it, and Debian's clamscan."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cases import Case, Content, bare

from clearward.formats.normalise.views import Kind, views

CLEARWARD = (
    *(sys.executable, "-m", "clearward", "scan", "--json", "--no-default-rules"),
    *("--no-cache", "--all-matches", "--jobs", "1"),
)
CLAMSCAN = shutil.which("clamscan")
NEGATED = (b"!(B)", b"!(L)", b"!(W)")
ERROR = "LibClamAV Error: "
LONGEST = 120  # seconds for one run of either
REFUSED = 2  # clamscan's status for a database that it cannot load, among others


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side says about one file.

    Attributes:
        names: of the signatures that match.
        reasons: why something was not looked at; clamscan has none.
    """

    names: frozenset[str]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says about all files of a case.

    Attributes:
        answers: by the name of the input.
        refusal: why the signatures cannot be used; then there are no answers.
    """

    answers: dict[str, Answer]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose file a file is.

    Attributes:
        case: its number in the batch.
        name: of the input.
    """

    case: int
    name: str


def clearward(cases: Sequence[Case]) -> list[Said]:
    """Scan the inputs of cases that have the same databases, in one run."""
    with _laid_out(cases) as (databases, files):
        rules = [word for path in databases for word in ("--rules", str(path))]
        done = _run([*CLEARWARD, *rules, *map(str, files)])
        answers: list[dict[str, Answer]] = [{} for _ in cases]
        seen = 0
        for line in done.stdout.splitlines():
            row = json.loads(line)
            if "summary" in row:
                continue
            names = frozenset(rule["name"] for rule in row["rules"])
            place = files[Path(row["path"])]
            answer = Answer(names, tuple(sorted(row["reasons"])))
            _add(answers[place.case], place.name, answer)
            seen += 1
    if seen == len(files):
        return [Said(one) for one in answers]
    said = done.stderr.decode(errors="replace").strip().splitlines()
    refusal = said[-1] if said else f"status {done.returncode}, and no word"
    return [Said({}, _without_path(refusal)) for _ in cases]


def normalised(case: Case) -> Said:
    """Make the views of pages, and name those that are as they should be."""
    answers = {}
    for page in case.inputs:
        made = {
            hashlib.sha256(view.data).hexdigest()
            for view in views(Kind.PAGE, page.data).views
        }
        names = {name for name, digest in case.views if digest in made}
        answers[page.name] = Answer(frozenset(names))
    return Said(answers)


def clamscan(cases: Sequence[Case]) -> list[Said]:
    """The same with clamscan, which has to be installed."""
    with _laid_out(cases) as (databases, files):
        rules = [word for path in databases for word in ("-d", str(path))]
        command = [CLAMSCAN or "clamscan", "--no-summary", *cases[0].flags, *rules]
        found: dict[Path, set[str]] = {path: set() for path in files}
        for paths in _runs(cases, list(files)):
            done = _run([*command, *map(str, paths)])
            if done.returncode == REFUSED:
                said = done.stderr.decode(errors="replace").partition("\n")[0]
                return [Said({}, said.removeprefix(ERROR)) for _ in cases]
            for line in done.stdout.decode(errors="replace").splitlines():
                where, _, said = line.rpartition(": ")
                if said.endswith(" FOUND") and Path(where) in found:
                    found[Path(where)].add(bare(said.removesuffix(" FOUND")))
    answers: list[dict[str, Answer]] = [{} for _ in cases]
    for path, names in found.items():
        place = files[path]
        _add(answers[place.case], place.name, Answer(frozenset(names)))
    return [Said(one) for one in answers]


def _runs(cases: Sequence[Case], files: list[Path]) -> list[list[Path]]:
    """All files in one run, or each in its own.

    A negated border that met its text at the start of a file matches nothing in the
    files that clamscan 1.4.6 scans after that (docs/compat-clamav.md).
    """
    if any(border in one.data for one in cases[0].databases for border in NEGATED):
        return [[path] for path in files]
    return [files]


def _add(answers: dict[str, Answer], name: str, answer: Answer) -> None:
    """Put an answer down; where inputs share a name, what is said of any of them."""
    there = answers.get(name, Answer(frozenset()))
    reasons = sorted({*there.reasons, *answer.reasons})
    answers[name] = Answer(there.names | answer.names, tuple(reasons))


def _without_path(said: str) -> str:
    """A message without the folder of this run."""
    return re.sub(r"\S*/compat-[^/]*/", "", said)


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run to the end; what takes too long counts as a refusal that says so."""
    try:
        return subprocess.run(
            command, capture_output=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired as late:
        said = f"ended after {LONGEST} seconds".encode()
        return subprocess.CompletedProcess(command, REFUSED, late.stdout or b"", said)


@contextmanager
def _laid_out(cases: Sequence[Case]) -> Iterator[tuple[list[Path], dict[Path, Place]]]:
    """Databases and inputs as files, each below a number: names may be any.

    What is ignored comes first, because clamscan heeds it only in what it loads later.
    """
    databases = sorted(cases[0].databases, key=lambda one: ".ign" not in one.name)
    with tempfile.TemporaryDirectory(prefix="compat-") as where:
        folder = Path(where)
        yield (
            [
                _write(folder / "rules" / str(at), one)
                for at, one in enumerate(databases)
            ],
            {
                _write(folder / str(number) / str(at), one): Place(number, one.name)
                for number, case in enumerate(cases)
                for at, one in enumerate(case.inputs)
            },
        )


def _write(folder: Path, content: Content) -> Path:
    path = folder / os.path.basename(content.name)
    folder.mkdir(parents=True)
    path.write_bytes(content.data)
    return path
