"""Windows programs with icons, put together by the formats' rules; never run."""

import struct
from collections.abc import Callable, Sequence

Colour = tuple[int, int, int]
MARK = b"A MARK IN A PROGRAM"
RVA = 0x2000


def bitmap(
    side: int,
    colour: Callable[[int, int], Colour],
    *,
    shown: Callable[[int, int], int] = lambda _x, _y: 255,
    height: int | None = None,
) -> bytes:
    """A bitmap of 32 bits with a mask, as icons have it."""
    rows = range((height or side) - 1, -1, -1)
    out = struct.pack("<IiiHH24x", 40, side, 2 * len(rows), 1, 32)
    for y in rows:
        for x in range(side):
            out += bytes((*colour(x, y)[::-1], shown(x, y)))
    stride = (side + 31) // 32 * 4
    for y in rows:
        bits = "".join("0" if shown(x, y) else "1" for x in range(side))
        out += int(bits.ljust(8 * stride, "0"), 2).to_bytes(stride)
    return out


def program(*groups: Sequence[bytes], mark: bytes = MARK) -> bytes:
    """A PE32 file with a mark, and groups of icons."""
    resources = _resources(groups)
    size = (len(resources) + 0x1FF) & ~0x1FF
    out = bytearray(0x400)
    out[:2] = b"MZ"
    struct.pack_into("<I", out, 0x3C, 0x40)
    head = (0x40, b"PE\0\0", 0x14C, 2, 0, 0, 0, 0xE0, 0x102)
    struct.pack_into("<4sHHIIIHH", out, *head)
    first = (0x58, 0x10B, 6, 0, 0x200, size, 0, 0x1000, 0x1000, RVA)
    struct.pack_into("<HBBIIIIII", out, *first)
    struct.pack_into("<IIIHHHHHH", out, 0x74, 0x400000, 0x1000, 0x200, 4, 0, 0, 0, 4, 0)
    image = RVA + ((size + 0xFFF) & ~0xFFF)
    struct.pack_into("<IIIIHH", out, 0x8C, 0, image, 0x200, 0, 3, 0)
    struct.pack_into("<I", out, 0xB4, 16)
    struct.pack_into("<II", out, 0xC8, RVA, len(resources))
    sections = ((b".text", 0x200, 0x1000, 0x200, 0x200), (b".rsrc", size, RVA, size))
    for number, (name, *places) in enumerate(sections):
        place = places[3] if len(places) > 3 else 0x400
        at = 0x138 + 40 * number
        struct.pack_into("<8sIIII", out, at, name, *places[:3], place)
        struct.pack_into("<I", out, at + 36, 0x60000020)
    out[0x200 : 0x201 + len(mark)] = b"\xc3" + mark
    return bytes(out) + resources.ljust(size, b"\0")


def _resources(groups: Sequence[Sequence[bytes]]) -> bytes:
    """The resources: two types, each with its entries, each in one language."""
    icons = [icon for group in groups for icon in group]
    directories, number = [], 1
    for group in groups:
        made = struct.pack("<HHH", 0, 1, len(group))
        for icon in group:
            made += struct.pack("<BBBBHHIH", 16, 16, 0, 0, 1, 32, len(icon), number)
            number += 1
        directories.append(made)
    kinds = ((3, icons), (14, directories))
    tables = 16 + 8 * len(kinds)
    out = struct.pack("<12xHH", 0, len(kinds))
    place = tables
    for kind, entries in kinds:
        out += struct.pack("<II", kind, 1 << 31 | place)
        place += 16 + 8 * len(entries)
    data = place + 40 * sum(len(entries) for _, entries in kinds)
    leaves, blob, where = b"", b"", b""
    for _, entries in kinds:
        out += struct.pack("<12xHH", 0, len(entries))
        for count, entry in enumerate(entries, 1):
            out += struct.pack("<II", count, 1 << 31 | place + len(leaves))
            leaf = place + len(leaves) + 24
            leaves += struct.pack("<12xHHII", 0, 1, 0x409, leaf)
            where = struct.pack("<II8x", RVA + data + len(blob), len(entry))
            leaves += where
            blob += entry.ljust((len(entry) + 15) & ~15, b"\0")
    return out + leaves + blob
