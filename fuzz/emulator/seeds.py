"""Write inputs for the fuzz target of the emulator: a mode and instructions.

python fuzz/emulator/seeds.py FOLDER [COUNT]
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.instructions import Source  # noqa: E402 - the path is set above

LENGTH = 200  # instructions of one input


def seed(number: int) -> bytes:
    """An input of its own for each number; its first bit is the width."""
    source = Source(number, wide=bool(number & 1))
    code = b"".join(source.trial().code for _ in range(LENGTH))
    return bytes([number % 256]) + code


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 20):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
