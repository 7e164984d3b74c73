"""Clearward beside clamscan, on recorded cases and on generated ones.

    python compat/run.py [--only PATTERN] [--sample N] [--generated N] [--seed N]
                         [--live] [--least PERCENT] [--quiet]

Recorded cases need the shared material (CLEARWARD_SHARED); generated ones, and --live,
need clamscan. The status is 0 only if at least --least per cent of the verdicts agree
(see `report`) and docs/compat-clamav.md explains every difference, and 2 if there is
nothing to compare with.
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import generate
import report
import sides
from cases import ARCHIVE, Case, recorded, unpack

NOTHING = 2  # status
SEED = 20240607


def chosen(options: argparse.Namespace, folder: Path) -> list[Case]:
    """The cases that were asked for, recorded before generated."""
    found: list[Case] = []
    if options.recorded and ARCHIVE.exists():
        found += recorded(unpack(folder))
    if options.generated and sides.CLAMSCAN:
        found += generate.cases(options.generated, options.seed)
    if options.only:
        words = options.only
        found = [case for case in found if any(word in case.id for word in words)]
    with_verdict = [case for case in found if case.expected is not None]
    if options.sample and options.sample < len(with_verdict):
        kept = random.Random(options.seed).sample(with_verdict, options.sample)
        return [case for case in found if case in kept]
    return found


def batches(cases: Iterable[Case]) -> list[list[Case]]:
    """Cases with the same databases and options, to be scanned in one run."""
    groups: dict[object, list[Case]] = {}
    for case in cases:
        key = case.databases, case.flags, bool(case.views)
        groups.setdefault(key, []).append(case)
    return list(groups.values())


def compare(batch: Sequence[Case], *, live: bool) -> list[report.Verdict]:
    """Run one batch and compare it.

    Every case is laid out apart from the others, so that equal names do not matter.
    """
    if batch[0].views:
        return [
            verdict
            for case in batch
            for verdict in report.verdicts(case, sides.normalised(case))
        ]
    said = sides.clearward(batch)
    there = sides.clamscan(batch) if live else [None] * len(batch)
    return [
        verdict
        for case, ours, theirs in zip(batch, said, there, strict=True)
        for verdict in report.verdicts(case, ours, theirs)
    ]


def scan(cases: Sequence[Case], *, live: bool) -> list[report.Verdict]:
    """Everything, on as many processors as there are."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = pool.map(lambda batch: compare(batch, live=live), batches(cases))
        return [verdict for verdicts in found for verdict in verdicts]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="WORD", help="part of a case's id")
    parser.add_argument("--sample", type=int, help="so many cases with a verdict")
    parser.add_argument("--generated", type=int, default=0, help="databases to make")
    parser.add_argument("--no-recorded", dest="recorded", action="store_false")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--live", action="store_true", help="ask clamscan as well")
    parser.add_argument("--least", type=float, default=99.0, help="per cent")
    parser.add_argument("--quiet", action="store_true", help="differences not listed")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run, print, and return the status."""
    options = parse(arguments)
    live = options.live and bool(sides.CLAMSCAN)
    with tempfile.TemporaryDirectory(prefix="compat-") as folder:
        cases = chosen(options, Path(folder))
    apart = Counter(case.group for case in cases if case.expected is None)
    verdicts = scan([case for case in cases if case.expected is not None], live=live)
    if not verdicts:
        print("nothing to compare with: no shared material, or no clamscan")
        return NOTHING
    patterns = report.listed()
    for verdict in verdicts:
        explained = report.is_listed(verdict, patterns)
        if verdict.kind.bad and not (options.quiet and explained):
            print(report.difference(verdict, explained=explained), end="\n\n")
    totals = report.total(verdicts, patterns)
    print(report.table(totals))
    for reasons, count in report.silences(verdicts):
        print(f"clearward says that it did not look ({reasons}), clamscan OK: {count}")
    for group, count in sorted(apart.items()):
        print(f"{group}: {count} cases that are not about verdicts: not compared yet")
    if live:
        print(f"this machine's clamscan is of another mind: {totals.stale}")
    elif not sides.CLAMSCAN:
        print("clamscan is not installed: no generated cases, recorded verdicts only")
    print(f"{totals.share:.2f} % agree; {totals.unlisted} differences are not listed")
    return int(totals.share < options.least or totals.unlisted > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
