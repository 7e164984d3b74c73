"""Write inputs for the fuzz target of look-ups: records, in order and not.

python fuzz/reputation/seeds.py FOLDER [COUNT]
"""

import random
import sys
from pathlib import Path

RECORD = 36


def seed(number: int) -> bytes:
    """An input of its own for each number, as the target reads it."""
    source = random.Random(number)
    records = [source.randbytes(RECORD) for _ in range(source.choice((0, 1, 9, 60)))]
    if number % 3 == 0:  # some that begin alike, and some that are there twice
        records += [one[:8] + source.randbytes(RECORD - 8) for one in records[:5]]
        records += records[:3]
    if number % 2:
        records.sort()
    front = source.randbytes(8) + bytes([source.randrange(1, 6), source.randrange(9)])
    return front + b"".join(records)


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 100):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
