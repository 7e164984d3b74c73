"""Write OLE2 compound files: version 3, sectors of 512 bytes (MS-CFB)."""

from dataclasses import dataclass, field
from struct import pack

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR, MINI, SMALL = 512, 64, 4096
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass
class Writer:
    """A compound file in the making; `tree` maps paths to contents."""

    tree: dict[str, bytes]
    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)

    def chain(self, data: bytes) -> int:
        """Append a chain; return its first sector."""
        if not data:
            return END
        first = len(self.sectors)
        pieces = [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)]
        self.sectors += [piece.ljust(SECTOR, b"\0") for piece in pieces]
        self.fat += [*range(first + 1, first + len(pieces)), END]
        return first

    def file(self) -> bytes:
        """Return the bytes of the file."""
        minis, mini_fat = b"", list[int]()
        names: list[str] = [""]
        for path in self.tree:
            above = path.split("/")
            for depth in range(1, len(above) + 1):
                if (name := "/".join(above[:depth])) not in names:
                    names.append(name)
        places = {}
        for path, data in self.tree.items():
            if len(data) >= SMALL:
                places[path] = self.chain(data)
                continue
            count = -(-len(data) // MINI)
            places[path] = len(mini_fat) if count else END
            mini_fat += [*range(len(mini_fat) + 1, len(mini_fat) + count), END][:count]
            minis += data.ljust(count * MINI, b"\0")
        places[""] = self.chain(minis)
        entries = b"".join(
            self._entry(name, names, places.get(name, 0), len(minis)) for name in names
        )
        directory = self.chain(entries)
        mini_start = self.chain(pack(f"<{len(mini_fat)}I", *mini_fat))
        return self._header(directory, mini_start)

    def _entry(self, name: str, names: list[str], start: int, minis: int) -> bytes:
        """Children are a list: each is the right sibling of the one before."""

        def above(path: str) -> str:
            return path.rpartition("/")[0]

        number = names.index(name)
        siblings = [n for n in names[number + 1 :] if name and above(n) == above(name)]
        children = [n for n in names if n and above(n) == name and n != name]
        kind = 5 if not name else 2 if name in self.tree else 1
        size = len(self.tree.get(name, b"")) if name else minis
        shown = (name.rpartition("/")[2] or "Root Entry").encode("utf-16-le")
        right = names.index(siblings[0]) if siblings else FREE
        child = names.index(children[0]) if children and kind != 2 else FREE
        return pack(
            "<64sHBBIII36xIQ",
            shown,
            len(shown) + 2,
            kind,
            1,
            FREE,
            right,
            child,
            start,
            size,
        )

    def _header(self, directory: int, mini_start: int) -> bytes:
        first = len(self.sectors)
        count = 1
        while (first + count) * 4 > count * SECTOR:
            count += 1
        self.fat += [FAT] * count
        self.fat += [FREE] * (count * SECTOR // 4 - len(self.fat))
        listed = [*range(first, first + count)] + [FREE] * (109 - count)
        header = MAGIC + bytes(16)
        header += pack(
            "<HHHHH6xIIIIIIIII",
            62,
            3,
            0xFFFE,
            9,
            6,
            0,
            count,
            directory,
            0,
            SMALL,
            mini_start,
            1,
            END,
            0,
        )
        header += pack("<109I", *listed)
        fat = pack(f"<{len(self.fat)}I", *self.fat)
        return header + b"".join(self.sectors) + fat


def compound(tree: dict[str, bytes]) -> bytes:
    """Return a compound file with streams at these paths."""
    return Writer(tree).file()


def packed_source(text: bytes) -> bytes:
    """Return text as a container of MS-OVBA 2.4.1, in literal tokens."""
    out = b"\x01"
    for start in range(0, len(text), 3000):
        chunk = text[start : start + 3000]
        tokens = b"".join(b"\0" + chunk[at : at + 8] for at in range(0, len(chunk), 8))
        out += pack("<H", 0xB000 | (len(tokens) - 1)) + tokens
    return out


def packaged(name: bytes, content: bytes) -> bytes:
    """Ole10Native as the packager writes it."""
    native = pack("<H", 2) + name + b"\0C:\\a\\" + name + b"\0" + pack("<HH", 0, 3)
    native += pack("<I", 4) + b"tmp\0" + pack("<I", len(content)) + content
    return pack("<I", len(native)) + native
