"""Write inputs for the fuzz target of the native core: images with parts and facts.

python fuzz/native/seeds.py FOLDER [COUNT]
"""

import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from native.test_native import TYPES, Maker  # noqa: E402 - likewise
from native.test_native_image import RICH  # noqa: E402 - likewise
from support import image  # noqa: E402 - the path is set above

from clearward.native.facts import pack_facts  # noqa: E402 - likewise
from clearward.native.image import Image  # noqa: E402 - likewise


def seed(number: int) -> bytes:
    """An input of its own for each number; the first has an image with everything."""
    maker = Maker(number)
    made = RICH if number == 0 else image.image(maker.signature(), more=TYPES)
    part = maker.part(200)
    facts = pack_facts(maker.facts(len(part)), Image(made).types)
    return struct.pack("<II", len(made), len(part)) + made + part + facts


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 200):
        (folder / f"{number:04}").write_bytes(seed(number))


if __name__ == "__main__":
    main()
