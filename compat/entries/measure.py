"""Say which share of the entries of the open sets a scan finds.

    python compat/entries/measure.py FOLDER     or `make entries`

FOLDER has the sets as `corpora/files.tar.zst` unpacks them; `truth.jsonl` has what is
in them (`truth.py`). Each distinct entry becomes a line of a list of SHA-256 digests,
and the files are scanned as a person would scan them. An entry is

    found     its digest is named for its file
    said      it is not, and the file's reasons say that something was not looked at
    silent    it is not, and nothing is said

The status is 1 if a set has fewer than `GOAL` found, or anything is silent.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
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


def main() -> int:
    """Print the misses by what was said, then the shares; return the status."""
    folder = Path(sys.argv[1])
    known = archives()
    answers = scan(folder, known)
    counts: Counter[tuple[str, str]] = Counter()
    for archive in known:
        answer = answers[archive.path]
        kind = "said" if answer.reasons else "silent"
        for entry in archive.entries:
            found = entry.digest in answer.digests
            counts[archive.path.partition("/")[0], "found" if found else kind] += 1
            if not found:
                words = ",".join(answer.reasons) or "silent"
                print(f"{words:24} {archive.path}  {entry.name!r} {entry.size}")
    return _shares(counts)


def _shares(counts: Counter[tuple[str, str]]) -> int:
    status = 0
    for name in sorted({name for name, _ in counts}):
        found, said, silent = (counts[name, n] for n in ("found", "said", "silent"))
        share = found / (found + said + silent)
        print(f"{name:12} {found:5} found {said:4} said {silent:4} silent {share:7.1%}")
        status |= share < GOAL or silent > 0
    return status


if __name__ == "__main__":
    sys.exit(main())
