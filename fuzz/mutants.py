"""Scan damaged copies of good files; count what ended otherwise than it should.

    python fuzz/mutants.py [--count N] [--seed N] [--slice N] [--keep FOLDER]

The copies are those of the shared material's `mutate.py`, fresh at every run unless a
seed is given. They are made and scanned in slices. An abnormal end is a worker that
died, a file that came to its time limit, or anything on standard error; the files are
kept in FOLDER, and the status is 1.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from pathlib import Path

from backports import zstd
from scanned import SHARED, Scanned, scan

ABNORMAL = ("worker-died", "time-limit")
TIMEOUT = "30"  # seconds for one file of at most 200 kB


def originals(folder: Path) -> Path:
    """Unpack the good files."""
    packed = SHARED / "corpora/files.tar.zst"
    with zstd.open(packed) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        tar.extractall(folder, filter="data")
    return folder


def slice_of(files: Path, folder: Path, count: int, seed: int) -> list[Path]:
    """Make some mutants in a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    mutate = SHARED / "corpora/hostile/mutate.py"
    subprocess.run(
        (sys.executable, mutate, files, folder, str(count), str(seed)), check=True
    )
    return sorted(folder.iterdir())


def abnormal(scanned: Scanned, asked: int) -> Counter[str]:
    """Count ends that ought not to be, by kind."""
    kinds = Counter({kind: len(scanned.with_reason(kind)) for kind in ABNORMAL})
    kinds["no answer"] = asked - len(scanned.rows)
    kinds["error printed"] = int(bool(scanned.err))
    kinds["killed"] = int(scanned.status < 0)
    return +kinds


def keep(scanned: Scanned, folder: Path, seed: int) -> None:
    """Keep the files that ended so, and what was printed."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ABNORMAL:
        for row in scanned.with_reason(kind):
            name = Path(row["path"]).name
            shutil.copyfile(row["path"], folder / f"{kind}-{seed}-{name}")
    if scanned.err:
        (folder / f"error-{seed}.txt").write_bytes(scanned.err)


def main() -> None:
    """Scan slice by slice; say what came of all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--slice", type=int, default=1000)
    parser.add_argument("--keep", type=Path, default=Path("build/mutants"))
    options = parser.parse_args()
    total: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    longest, largest = 0.0, 0
    with tempfile.TemporaryDirectory() as place:
        files = originals(Path(place) / "files")
        for number, begin in enumerate(range(0, options.count, options.slice)):
            count = min(options.slice, options.count - begin)
            seed = options.seed + number
            paths = slice_of(files, Path(place) / "mutants", count, seed)
            scanned = scan(paths, "--timeout", TIMEOUT)
            kinds = abnormal(scanned, count)
            if kinds:
                keep(scanned, options.keep, seed)
            total += kinds
            outcomes.update(row["outcome"] for row in scanned.rows)
            longest = max(longest, scanned.longest)
            largest = max(largest, scanned.largest)
    sys.stdout.write(
        f"{options.count} mutants from seed {options.seed}: {dict(outcomes)}; longest "
        f"{longest:.1f} s, largest worker {largest >> 20} MiB; "
        f"abnormal: {dict(total) or 'none'}\n"
    )
    sys.exit(1 if total else 0)


if __name__ == "__main__":
    main()
