"""Write inputs for the fuzz target of PPMd: streams of a real encoder.

python fuzz/ppmd/seeds.py FOLDER [COUNT]
"""

import random
import sys
from pathlib import Path

import pyppmd

WORDS = (b"the ", b"of ", b"\0\0\0", b"\xff", b"data", b"\n", b"x" * 40)
LEAST_MEMORY = 2048


def seed(number: int) -> bytes:
    """An input of its own for each number, as the target reads it."""
    source = random.Random(number)
    order, memory = source.randrange(63), source.randrange(256)
    text = b"".join(source.choices(WORDS, k=source.choice((20, 400, 4000))))
    text += source.randbytes(source.choice((0, 30, 1000)))
    encoder = pyppmd.Ppmd7Encoder(2 + order, LEAST_MEMORY + 97 * memory)
    packed: bytes = encoder.encode(text) + encoder.flush()
    # No encoder writes what RAR reads; the same bytes take it through other ways.
    return bytes((order | number % 2 << 7, memory)) + packed


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 100):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
