"""Write inputs for the fuzz target of LZMS: chunks with items of every kind.

python fuzz/lzms/seeds.py FOLDER [COUNT]
"""

import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.lzms import Item, packed  # noqa: E402 - the path is set above


def items(source: random.Random, size: int) -> list[Item]:
    """Items that make `size` bytes."""
    made: list[Item] = [source.choice(b"\0\1\xe8\xff\x15\x48\x8b") for _ in range(99)]
    done = len(made)
    while done < size:
        length = source.randint(1, min(size - done, source.choice((9, 900))))
        near = source.randint(1, done)
        rows: Item = (source.randrange(5), source.randint(1, 4), length)
        again: Item = (None, source.randrange(3), length)
        some: list[Item] = [(near, length), (str(source.randrange(3)), length)]
        item = source.choice([source.randrange(256), *some, rows, again])
        made.append(item)
        done += 1 if isinstance(item, int) else length
    return made


def seed(number: int) -> bytes:
    """An input of its own for each number, as the target reads it."""
    source = random.Random(number)
    size = source.choice((100, 1000, 20000))
    return size.to_bytes(3, "little") + packed(items(source, size), size)


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 100):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
