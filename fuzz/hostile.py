"""Scan the generated hostile files, and hold what came of it against what is due.

    python fuzz/hostile.py [--seeds N] [--seed N] [--seconds S] [--memory MIB]

Seed 0 makes the files of the shared material's `open.jsonl`; every other seed has
another payload, other counts and depths. N fresh seeds are taken, or the one that is
given. A line is printed for each; the status is 1 if anything is not as it should be:

    wrong       an answer that is not the one that is due, or none
    silent      of these, clean where a part or a limit should have been named
    longest     seconds of the slowest file, and of the slowest twentieth
    largest     MiB of the largest process
    slips       files that appeared where a member's name points
    raw         a control byte reached the output
"""

import argparse
import glob
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanned import SHARED, Scanned, scan

WORDS = {"found": "detect", "unscanned": "limit", "clean": "clean-ok"}
SLIPS = ("/tmp/clearward_slip*", "*clearward_slip*")  # noqa: S108 - where names point
CONTROL = frozenset(range(32)) - {0x0A}


@dataclass(frozen=True, slots=True)
class Hostile:
    """A hostile file, or a folder of them.

    Attributes:
        path: where it is.
        due: the answers of which any is right.
    """

    path: str
    due: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about a hostile file.

    Attributes:
        name: of the file.
        said: in the words of the manifest.
        seconds: what it took, or what the slowest file below a folder took.
        right: it is one that is due.
    """

    name: str
    said: str
    seconds: float
    right: bool


def made(folder: Path, seed: int) -> list[Hostile]:
    """Make the files of a seed."""
    generators = SHARED / "corpora/hostile"
    subprocess.run(
        (sys.executable, "make_all.py", folder, "--seed", str(seed)),
        cwd=generators,
        check=True,
    )
    rows = (folder / "manifest.jsonl").read_text("ascii").splitlines()
    entries: list[dict[str, Any]] = [json.loads(row) for row in rows]
    return [
        Hostile(str(folder / each["path"]), frozenset(each["expect"].split("|")))
        for each in entries
    ]


def answers(hostile: list[Hostile], scanned: Scanned) -> list[Answer]:
    """Say for each file, or for everything below a folder, what was answered."""
    found = []
    for each in hostile:
        rows = [
            row
            for row in scanned.rows
            if row["path"] == each.path or row["path"].startswith(each.path + "/")
        ]
        said = {row["outcome"] for row in rows}
        word = next((WORDS[one] for one in WORDS if one in said), "nothing")
        seconds = max((row["ms"] / 1000 for row in rows), default=0.0)
        found.append(Answer(Path(each.path).name, word, seconds, word in each.due))
    return found


def slips() -> set[str]:
    """What lies where the names of members point."""
    return {path for pattern in SLIPS for path in glob.glob(pattern)}


def faults(seed: int, options: argparse.Namespace) -> int:
    """Scan the files of a seed; print what came of it; return how much was wrong."""
    folder = Path(tempfile.mkdtemp(prefix="hostile"))
    try:
        hostile = made(folder, seed)
        before = slips()
        rules = ("--no-default-rules", "--rules", folder / "mark.yar")
        scanned = scan([Path(each.path) for each in hostile], *rules)
        slipped = slips() - before
        said = answers(hostile, scanned)
    finally:  # 3,000 folders deep: more than Python takes away
        subprocess.run(("/bin/rm", "-rf", "--", folder), check=True)
    wrong = [each for each in said if not each.right]
    silent = [each for each in wrong if each.said == "clean-ok"]
    due = sum("clean-ok" not in each.due for each in hostile)
    took = sorted((each.seconds for each in said), reverse=True)
    largest = scanned.largest >> 20
    raw = not CONTROL.isdisjoint(scanned.out + scanned.err)
    sys.stdout.write(
        f"seed {seed}: {len(hostile)} files, wrong {len(wrong)}, silent {len(silent)} "
        f"of {due}; longest {took[0]:.1f} s, 95 of 100 within "
        f"{took[len(took) // 20]:.1f} s, largest {largest} MiB, slips {len(slipped)}, "
        f"raw {raw}\n"
    )
    slow = [each for each in said if each.seconds > options.seconds]
    for each in wrong + slow:
        sys.stdout.write(f"  {each.name}: {each.said}, {each.seconds:.1f} s\n")
    sys.stdout.write(scanned.err.decode("utf-8", "backslashreplace"))
    fatal = scanned.status < 0 or largest >= options.memory or bool(scanned.err)
    return len(wrong) + len(slipped) + len(slow) + int(raw) + int(fatal)


def main() -> None:
    """Scan the files of each seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--memory", type=int, default=512)
    options = parser.parse_args()
    seeds = [random.randrange(1, 1 << 30) for _ in range(options.seeds)]
    chosen = seeds if options.seed is None else [options.seed]
    sys.exit(1 if sum(faults(seed, options) for seed in chosen) else 0)


if __name__ == "__main__":
    main()
