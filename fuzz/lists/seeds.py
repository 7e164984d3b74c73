"""Write inputs for the fuzz target of lists: numbers as scripts write them, and others.

python fuzz/lists/seeds.py FOLDER [COUNT]
"""

import random
import sys
from pathlib import Path

BETWEEN = (b",", b", ", b" ,\n", b",\t\t", b"," + b" " * 9, b",,", b"];[")


def number(source: random.Random) -> bytes:
    """A number of some form, or nearly one."""
    value = source.randrange(source.choice((128, 256, 70_000, 10**7)))
    form = source.choice((b"%d", b"%d", b"0x%02x", b"&H%X", b"%06d"))
    return form % value


def seed(count: int) -> bytes:
    """An input of its own for each number."""
    source = random.Random(count)
    usual = source.choice(BETWEEN[:4])
    pieces = []
    for _ in range(source.choice((5, 20, 300))):
        rare = source.random() < 0.03
        pieces += [number(source), source.choice(BETWEEN) if rare else usual]
    return b"[" + b"".join(pieces)


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for count in range(int(sys.argv[2]) if len(sys.argv) > 2 else 100):
        (folder / f"{count:04}").write_bytes(seed(count))


if __name__ == "__main__":
    main()
