"""Write inputs for the fuzz target of NRV: a variant, a size, and a stream.

python fuzz/nrv/seeds.py FOLDER [COUNT]
"""

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from support.nrv import packed

WORDS = (b"the ", b"of ", b"\0\0\0", b"\xff", b"data", b"\n", b"x" * 40)
LETTERS, UNITS = "bde", (1, 2, 4)


def seed(number: int) -> bytes:
    """An input of its own for each number, as the target reads it."""
    source = random.Random(number)
    text = b"".join(source.choices(WORDS, k=source.choice((20, 400, 2000))))
    text += source.randbytes(source.choice((0, 30, 1000)))
    variant = source.randrange(9)
    stream = packed(text, LETTERS[variant % 3], UNITS[variant // 3])
    return bytes((variant,)) + len(text).to_bytes(2, "little") + stream


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 100):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
