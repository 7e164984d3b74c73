"""Make UDF volumes by the format's own rules: blocks of 2048 bytes, one partition."""

from dataclasses import dataclass, field

BLOCK = 2048
START = 300  # first block of the partition
SHORT, LONG, EMBEDDED = 0, 1, 3
ROOT = 1


def little(value: int, size: int) -> bytes:
    """A number."""
    return value.to_bytes(size, "little")


def tag(kind: int, at: int, body: bytes) -> bytes:
    """A descriptor: its tag, and what is behind it."""
    return little(kind, 2) + bytes(10) + little(at, 4) + body


def long(size: int, block: int, which: int = 0) -> bytes:
    """A long description of an extent."""
    return little(size, 4) + little(block, 4) + little(which, 2) + bytes(6)


@dataclass
class Volume:
    """A volume whose partition grows block by block; block 0 is for the file set.

    Attributes:
        metadata: entries and folders lie in a file that is a partition of its own.
    """

    metadata: bool = False
    blocks: dict[int, bytes] = field(default_factory=dict)
    free: int = 2
    held: int = 40  # blocks of the metadata file, which lies at 1000

    def put(self, data: bytes, *, inner: bool = False) -> int:
        """Put data into free blocks; return the first. `inner`: of the metadata."""
        first = self.free
        self.at(first, data, inner=inner)
        self.free += max(-(-len(data) // BLOCK), 1)
        return first

    def at(self, block: int, data: bytes, *, inner: bool = False) -> None:
        """Put data at a block."""
        if inner and self.metadata:
            block += 1000
        for at in range(0, len(data), BLOCK):
            self.blocks[block + at // BLOCK] = data[at : at + BLOCK].ljust(BLOCK, b"\0")

    def entry(
        self, kind: int, content: bytes, *, form: int = SHORT, extended: bool = False
    ) -> bytes:
        """The entry of a file or folder with its content."""
        if form == EMBEDDED:
            rows = content
        else:
            inner = kind == 4
            half = -(-len(content) // 2 // BLOCK) * BLOCK
            rows = b""
            for piece in (content[:half], content[half:]) if half else (content,):
                place = self.put(piece, inner=inner)
                row = long(len(piece), place, int(inner and self.metadata))
                rows += row if form == LONG else row[:8]
        return self.described(kind, len(content), rows, form=form, extended=extended)

    @staticmethod
    def described(
        kind: int, size: int, rows: bytes, *, form: int = SHORT, extended: bool = False
    ) -> bytes:
        """An entry with rows of extents that are given."""
        lengths = 208 if extended else 168
        body = bytearray(lengths + 8)
        body[20:22] = little(4, 2)
        body[27] = kind
        body[34:36] = little(form, 2)
        body[56:64] = little(size, 8)
        body[lengths + 4 : lengths + 8] = little(len(rows), 4)
        return tag(266 if extended else 261, 0, bytes(body[16:]) + rows)

    def name(self, title: str, block: int, flags: int = 0) -> bytes:
        """A name in a folder."""
        try:
            coded = b"\x08" + title.encode("latin-1")
        except UnicodeError:
            coded = b"\x10" + title.encode("utf-16-be")
        which = int(self.metadata)
        body = b"\1\0" + bytes((flags, len(coded))) + long(BLOCK, block, which)
        row = tag(257, 0, body + b"\0\0" + coded)
        return row + bytes(-len(row) % 4)

    def image(self) -> bytes:
        """The whole image."""
        which = int(self.metadata)
        files = tag(256, 0, bytes(384) + long(BLOCK, ROOT, which))
        self.at(0, files, inner=True)
        if self.metadata:
            rows = little(self.held * BLOCK, 4) + little(1000, 4)
            described = self.described(250, self.held * BLOCK, rows)
            self.at(2000, described)
        maps = b"\1\6\1\0" + little(0, 2)
        if self.metadata:
            inner = b"\2\x40\0\0\0" + b"*UDF Metadata Partition"
            inner = inner.ljust(38, b"\0") + little(0, 2) + little(2000, 4) * 2
            maps += inner.ljust(64, b"\0")
        logical = bytearray(440)
        logical[212:216] = little(BLOCK, 4)
        logical[248:258] = long(BLOCK, 0, which)[:10]
        logical[264:272] = little(len(maps), 4) + little(1 + which, 4)
        size = max(self.blocks) + 1
        partition = bytearray(512)
        partition[188:196] = little(START, 4) + little(size, 4)
        image = bytearray((START + size) * BLOCK)
        descriptors = {
            16: b"\0BEA01",
            17: b"\0NSR02",
            257: tag(5, 257, bytes(partition[16:])),
            258: tag(6, 258, bytes(logical[16:]) + maps),
            259: tag(8, 259, b""),
            256: tag(2, 256, little(3 * BLOCK, 4) + little(257, 4) + bytes(8)),
        }
        blocks = {START + at: data for at, data in self.blocks.items()}
        for at, data in (descriptors | blocks).items():
            image[at * BLOCK : at * BLOCK + len(data)] = data
        return bytes(image)
