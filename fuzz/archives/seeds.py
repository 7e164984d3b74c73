"""Write inputs for the fuzz target of the door to libarchive.

    python fuzz/archives/seeds.py FOLDER [FILES]

FILES is a folder of archives, such as the open corpus; else there are only magics.
"""

import sys
from pathlib import Path
from struct import pack

# 41 bytes in PPMd, with a wrong checksum.
PPMD = bytes.fromhex(
    "050076ef6eb5bafed844d6cc051a6e94d6a7033221efe55235ab1eb9c04fce7400"
)
MEMBER = pack("<4s5H3I2H", b"PK\3\4", 63, 0, 98, 0, 0, 1, len(PPMD), 41, 1, 0)
MAGICS = {
    0: b"Rar!\x1a\x07\x00",
    1: b"Rar!\x1a\x07\x01\x00",
    2: b"MSCF",
    3: b"\x20\x20-lh5-",
    4: b"\x1f\x9d",
    5: b"PK\3\4",
}
MOST = 64 * 1024
EACH = 40  # of one format


def main() -> None:
    """Write them: the number of the format, then an archive."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, magic in MAGICS.items():
        (folder / f"{number}").write_bytes(bytes([number]) + magic.rjust(7, b"\0"))
    (folder / "5-0").write_bytes(b"\5" + MEMBER + b"_" + PPMD)
    files = sorted(Path(sys.argv[2]).rglob("*")) if len(sys.argv) > 2 else []
    count = dict.fromkeys(MAGICS, 0)
    for path in files:
        if not path.is_file() or path.stat().st_size > MOST:
            continue
        data = path.read_bytes()
        for number, magic in MAGICS.items():
            place = 2 if number == 3 else 0
            known = data[place:].startswith(magic.lstrip()[: len(magic)])
            if known and count[number] < EACH:
                count[number] += 1
                name = f"{number}-{count[number]}"
                (folder / name).write_bytes(bytes([number]) + data)


if __name__ == "__main__":
    main()
