"""Write inputs for the fuzz target of rows: of every filter, with pixels of any size.

python fuzz/rows/seeds.py FOLDER [COUNT]
"""

import random
import sys
from pathlib import Path


def seed(number: int) -> bytes:
    """An input of its own for each number, as the target reads it."""
    source = random.Random(number)
    row, pixel = source.randrange(40), source.choice((0, 1, 2, 3, 7, 63))
    rows = (
        bytes([source.randrange(6)]) + source.randbytes(row + 1)
        for _ in range(source.choice((1, 5, 50)))
    )
    return bytes([row, pixel]) + source.randbytes(row + 1) + b"".join(rows)


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 100):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
