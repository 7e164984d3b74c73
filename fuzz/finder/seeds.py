"""Write inputs for the fuzz target of the finder.

python fuzz/finder/seeds.py FOLDER [COUNT]
"""

import random
import sys
from pathlib import Path

from clearward.formats.identify import MARKS


def seed(number: int) -> bytes:
    """An input of its own for each number: needles, and bytes with some of them."""
    source = random.Random(number)
    needles = source.sample(MARKS, source.randint(1, len(MARKS)))
    pieces = [source.randbytes(source.choice((0, 1, 30, 40))) for _ in range(20)]
    pieces += source.choices(needles, k=6)
    pieces += [needle[:4] for needle in source.choices(needles, k=3)]
    source.shuffle(pieces)
    listed = b"".join(bytes([len(needle)]) + needle for needle in needles)
    return bytes([len(needles)]) + listed + b"".join(pieces)


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 100):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
