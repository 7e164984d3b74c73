"""The filter of ten million digests: how large, how quickly built, how quickly asked.

    python bench/reputation.py FOLDER

Building begins with reading the list, which is in the page cache, and ends with the
bytes of the filter's file.
"""

import statistics
import sys
import time
from pathlib import Path
from random import Random

from rows import Plan, Row

from clearward.reputation.filter_file import Filter
from clearward.reputation.records import DIGEST, WIDTH, order

DIGESTS = 10_000_000
GOAL = "23 MB, 3 s, 1 million/s"
_ASKED = 4_000_000
_ID = bytes(range(32))


def reputation(plan: Plan) -> list[Row]:
    """Build it of a list, and ask it for digests that are not there."""
    path = _list(plan.folder, DIGESTS)
    asked = Random(20261124).randbytes(DIGEST * _ASKED)
    built, looked, data, false = [], [], b"", 0
    for _ in range(plan.runs):
        start = time.perf_counter()
        data = Filter.build(_ID, path.read_bytes()).to_bytes()
        built.append(time.perf_counter() - start)
        filter = Filter.parse(data)
        start = time.perf_counter()
        false = sum(filter.has(asked))
        looked.append(_ASKED / (time.perf_counter() - start))
    figures = {
        "MB": len(data) / 1e6,
        "build s": statistics.median(built),
        "million look-ups/s": statistics.median(looked) / 1e6,
        "false in a million": false / _ASKED * 1e6,
    }
    return [Row(f"filter of {DIGESTS:,} digests", "clearward", figures, GOAL)]


def _list(folder: Path, digests: int) -> Path:
    """A list of random digests, made once."""
    path = folder / f"digests-{digests}"
    if not path.exists():
        chance, records = Random(1), bytearray()
        while len(records) < WIDTH * digests:
            records += chance.randbytes(WIDTH * min(digests, 1_000_000))
        order(records)
        path.write_bytes(records)
    return path


def main() -> None:
    """Print what `make bench` would write."""
    for row in reputation(Plan(Path(sys.argv[1]), 3)):
        print(row)


if __name__ == "__main__":
    main()
