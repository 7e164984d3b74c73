"""Write inputs for the fuzz target of bzip2's blocks: what a real encoder made of text.

python fuzz/blocksort/seeds.py FOLDER [COUNT]
"""

import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.installers import block_sorted  # noqa: E402 - the path is set above

WORDS = (b"the ", b"of ", b"\0\0\0", b"\xff", b"data", b"\n", b"x" * 400)


def seed(number: int) -> bytes:
    """An input of its own for each number: blocks with marks of a byte."""
    source = random.Random(number)
    text = b"".join(source.choices(WORDS, k=source.choice((2, 20, 400, 4000))))
    text += source.randbytes(source.choice((0, 30, 1000)))
    return block_sorted(text, level=1)


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 100):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
