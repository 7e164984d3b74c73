"""Write inputs for the fuzz target of the views, and the tables that it is built with.

python fuzz/views/seeds.py FOLDER HEADER [COUNT]
"""

import random
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.pages import MARKUP, SCRIPT  # noqa: E402 - the path is set above

from clearward.formats.normalise import encoder, entities  # noqa: E402 - likewise

TABLES = {
    "entity_records": entities.records(),
    "encoder_order": encoder.ORDER,
    "encoder_alphabets": b"".join(encoder.ALPHABETS),
}


def header(tables: Iterable[tuple[str, bytes]]) -> str:
    """Tables as a header of C."""
    return "".join(
        f"static const uint8_t {name}[] = {{{','.join(map(str, table))}}};\n"
        for name, table in tables
    )


def seed(number: int) -> bytes:
    """An input of its own for each number."""
    source = random.Random(number)
    words = MARKUP + SCRIPT if number % 2 else SCRIPT
    text = b"".join(source.choices(words, k=source.choice((5, 30, 200))))
    return bytes([number % 16]) + text


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    Path(sys.argv[2]).write_text(header(TABLES.items()), "ascii")
    for number in range(int(sys.argv[3]) if len(sys.argv) > 3 else 200):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
