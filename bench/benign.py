"""Scan packages of Debian and what they hold: how much is not scanned, what is found.

    python bench/benign.py FOLDER [--only WORD] [--seconds S]

FOLDER takes the packages of benign.txt (1 GB, of which nothing belongs here), fetched
by apt-get where they are missing, and `answers.jsonl`, to which each package is added
once it was scanned, as it is and unpacked, with the starter bundle. Run it again to go
on. The status is 1 if anything was found, or more than one file in 200 is unscanned.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MOST_UNSCANNED = 0.005
SCAN = (sys.executable, "-m", "clearward", "scan", "--json", "--no-cache")


def listed() -> list[str]:
    """The packages, each with its version."""
    lines = (HERE / "benign.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def fetched(package: str, folder: Path) -> Path:
    """Return the file of a package, fetched if it is not there."""
    name, version = package.split("=", 1)
    pattern = f"{name}_{version.replace(':', '%3a')}_*.deb"
    if not list(folder.glob(pattern)):
        subprocess.run(("apt-get", "download", "-q", package), cwd=folder, check=True)
    return next(folder.glob(pattern))


def scanned(path: Path) -> Iterator[dict[str, Any]]:
    """Scan a file or a tree; yield the answers that are not clean, then how many."""
    ran = subprocess.run((*SCAN, path), capture_output=True, check=False)
    for line in ran.stdout.splitlines():
        row = json.loads(line)
        if "summary" in row:
            yield {"files": row["summary"]["files"], "bytes": row["summary"]["bytes"]}
        elif row["outcome"] != "clean":
            yield {key: row.get(key) for key in ("path", "outcome", "rules", "reasons")}


def examine(package: str, folder: Path) -> dict[str, Any]:
    """Scan a package and its tree."""
    packed = fetched(package, folder)
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run(("dpkg-deb", "-x", packed, tree), check=True)
    rows = [*scanned(packed), *scanned(tree)]
    shutil.rmtree(tree, ignore_errors=True)
    told = [row for row in rows if "outcome" in row]
    for row in told:
        row["path"] = str(Path(row["path"]).relative_to(folder))
    return {
        "package": package,
        "files": sum(row.get("files", 0) for row in rows),
        "bytes": sum(row.get("bytes", 0) for row in rows),
        "told": told,
    }


def report(answers: Path) -> bool:
    """Print what all packages scanned so far amount to; say whether that is good."""
    packages = [json.loads(line) for line in answers.read_text("utf-8").splitlines()]
    told = [row for each in packages for row in each["told"]]
    files = sum(each["files"] for each in packages)
    size = sum(each["bytes"] for each in packages) / 1e9
    unscanned = [row for row in told if row["outcome"] == "unscanned"]
    found = [row for row in told if row["outcome"] == "found"]
    share = len(unscanned) / max(files, 1)
    reasons = Counter(reason for row in unscanned for reason in row["reasons"])
    print(f"{len(packages)} packages, {files} files, {size:.2f} GB")
    print(f"unscanned {len(unscanned)} ({share:.2%}): {dict(reasons)}")
    for row in unscanned:
        print(f"  {','.join(row['reasons'])}: {row['path']}")
    for row in found:
        print(f"  FOUND {[each['name'] for each in row['rules']]}: {row['path']}")
    return not found and share <= MOST_UNSCANNED


def main() -> None:
    """Scan what was not scanned yet, then report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    answers = options.folder / "answers.jsonl"
    answers.touch()
    known = {json.loads(line)["package"] for line in answers.read_text().splitlines()}
    end = time.monotonic() + options.seconds
    for package in listed():
        if package in known or options.only not in package or time.monotonic() > end:
            continue
        row = examine(package, options.folder)
        with answers.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
    sys.exit(0 if report(answers) else 1)


if __name__ == "__main__":
    main()
