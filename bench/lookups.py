"""Digests that are not there, looked up in the largest set of an image.

    python bench/lookups.py IMAGE

Prints JSON: look-ups a CPU second, and how many digests the set holds.
"""

import json
import mmap
import random
import struct
import sys
import time
from pathlib import Path

from clearward.native.chosen import Matcher, load

_ASKED = 4_000_000
_BATCH = 4_096


def main() -> None:
    """Look up and print."""
    with Path(sys.argv[1]).open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    image = load(memoryview(data))
    number, known = max(image.hashes.items(), key=lambda one: one[1].count)
    matcher = Matcher(image)
    asked = random.Random(20261123).randbytes(_ASKED * known.algorithm)
    step = _BATCH * known.algorithm
    sizes = struct.pack("<Q", 4096) * _BATCH
    batches = [asked[at : at + step] for at in range(0, len(asked), step)]
    batches = [batch for batch in batches if len(batch) == step]
    found = 0
    for batch in batches[len(batches) // 2 :]:  # so that the pages are there
        found += len(matcher.lookup_many(number, batch, sizes))
    start = time.process_time()
    for batch in batches[: len(batches) // 2]:
        found += len(matcher.lookup_many(number, batch, sizes))
    seconds = time.process_time() - start
    rate = len(batches) // 2 * _BATCH / seconds
    print(json.dumps({"rate": rate, "digests": known.count, "found": found}))


if __name__ == "__main__":
    main()
