"""Say which share of the entries of the open sets a scan finds.

    python compat/entries/measure.py FOLDER     or `make entries`

FOLDER has the sets as `corpora/files.tar.zst` unpacks them; `truth.jsonl` has what is
in them (`truth.py`). Each distinct entry becomes a line of a list of SHA-256 digests,
and the files are scanned as a person would scan them. An entry is

    found     its digest is named for its file
    said      it is not, and the file's reasons say that something was not looked at
    silent    it is not, and nothing is said

The status is 1 if fewer than `GOAL` of all are found, or anything is silent.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TRUTH = Path(__file__).with_name("truth.jsonl")
GOAL = 0.98
SCAN = (
    *(sys.executable, "-m", "clearward", "scan", "--json", "--no-default-rules"),
    *("--no-cache", "--all-matches"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of an archive.

    Attributes:
        name: shown, never compared.
        size: in bytes.
        digest: SHA-256 of its content.
    """

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A file of the sets, and what is in it.

    Attributes:
        path: below the folder of the sets; begins with the name of the set.
        password: that other programs needed, empty if none.
        entries: each distinct content once.
    """

    path: str
    password: str
    entries: tuple[Entry, ...]

    @property
    def set(self) -> str:
        """Which of the sets it is of."""
        return self.path.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scan says of a file.

    Attributes:
        digests: of the entries that it found.
        reasons: why something was not looked at.
    """

    digests: frozenset[str]
    reasons: tuple[str, ...]


def archives() -> list[Archive]:
    """Return the archives whose entries are known."""
    rows = map(json.loads, TRUTH.read_text("utf-8").splitlines())
    return [
        Archive(
            row["file"],
            row.get("password", ""),
            tuple(Entry(*entry) for entry in row["entries"]),
        )
        for row in rows
    ]


def scan(folder: Path, wanted: Iterable[Archive]) -> dict[str, Answer]:
    """Scan archives with the digests of all entries; return the answers by path."""
    known = list(wanted)
    digests = sorted({each.digest for one in known for each in one.entries})
    passwords = sorted({one.password for one in known if one.password})
    with tempfile.TemporaryDirectory(prefix="entries-") as where:
        rules = Path(where) / "entries.sha256"
        rules.write_text("\n".join(digests) + "\n", "ascii")
        words = [word for each in passwords for word in ("--password", each)]
        paths = [str(folder / one.path) for one in known]
        command = [*SCAN, "--rules", str(rules), *words, *paths]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    answers = {}
    for row in map(json.loads, done.stdout.splitlines()):
        if "path" in row:
            names = frozenset(rule["name"] for rule in row["rules"])
            path = str(Path(row["path"]).relative_to(folder))
            answers[path] = Answer(names, tuple(row["reasons"]))
    return answers


@dataclass(frozen=True, slots=True)
class Miss:
    """An entry that was not found, and what was said of its archive."""

    archive: Archive
    entry: Entry
    reasons: tuple[str, ...]


def misses(known: Iterable[Archive], answers: dict[str, Answer]) -> list[Miss]:
    """Return the entries that a scan did not find."""
    return [
        Miss(archive, entry, answers[archive.path].reasons)
        for archive in known
        for entry in archive.entries
        if entry.digest not in answers[archive.path].digests
    ]


def main() -> int:
    """Print the misses and what was said, then the shares; return the status."""
    known = archives()
    missed = misses(known, scan(Path(sys.argv[1]), known))
    for miss in missed:
        words = ",".join(miss.reasons) or "silent"
        print(f"{words:24} {miss.archive.path}  {miss.entry.name!r} {miss.entry.size}")
    total = sum(len(one.entries) for one in known)
    for name in sorted({one.set for one in known}):
        there = sum(len(one.entries) for one in known if one.set == name)
        print(_share(name, there, [one for one in missed if one.archive.set == name]))
    print(_share("all", total, missed))
    is_good = len(missed) <= (1 - GOAL) * total
    return int(not is_good or any(not one.reasons for one in missed))


def _share(name: str, there: int, missed: list[Miss]) -> str:
    found = there - len(missed)
    silent = sum(not one.reasons for one in missed)
    said = len(missed) - silent
    counts = f"{found:5} found {said:4} said {silent:4} silent"
    return f"{name:12} {counts} {found / there:7.1%}"


if __name__ == "__main__":
    sys.exit(main())
