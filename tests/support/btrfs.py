"""Images of Btrfs, written for tests by the rules of the format."""

import struct
import zlib

from backports import zstd

NODE = SECTOR = 4096
SHIFT = 1 << 20  # logical places are so much more than those in the image
FIRST = 68 * 1024
FOLDER, FILE = 0x41ED, 0x81A4
INODE, NAMED, EXTENT, ROOT, CHUNK = 1, 12, 108, 132, 228
LONG = b"".join(b"%d, " % (n * n) for n in range(3000))
# A run of 8 bytes, a match of 22 from 8 back, and the end.
LZO, PLAIN = b"\x19abcdefgh\x34\x1c\0\x11\0\0", (b"abcdefgh" * 4)[:30]
Row = tuple[int, int, int, bytes]


def chunk(kind: int = 1, devices: tuple[int, ...] = (1,)) -> bytes:
    head = struct.pack("<QQQQIIIHH", 1 << 30, 2, 65536, kind, 0, 0, 0, len(devices), 0)
    return head + b"".join(struct.pack("<QQ16x", device, 0) for device in devices)


def inode(mode: int, size: int) -> bytes:
    return struct.pack("<16xQ28xI", size, mode).ljust(160, b"\0")


def name(text: bytes) -> bytes:
    return struct.pack("<QH", 2, len(text)) + text


def inline(data: bytes, *, method: int = 0, size: int | None = None) -> bytes:
    whole = len(data) if size is None else size
    return struct.pack("<QQBBHB", 1, whole, method, 0, 0, 0) + data


def regular(place: int, packed: int, size: int, **more: int) -> bytes:
    """An extent elsewhere; of `whole` bytes unpacked those behind `passed` count."""
    whole, method = more.get("whole", size), more.get("method", 0)
    kind, locked = more.get("kind", 1), more.get("locked", 0)
    head = struct.pack("<QQBBHB", 1, whole, method, locked, 0, kind)
    return head + struct.pack("<QQQQ", place, packed, more.get("passed", 0), size)


def root(place: int, level: int = 0) -> bytes:
    return struct.pack("<176xQ54xB", place, level)


class System:
    """A file system whose logical places are `SHIFT` behind those in the image."""

    def __init__(self) -> None:
        self.image = bytearray(1 << 18)
        self.next = FIRST
        self.log = 0
        self.roots: tuple[Row, ...] = ()

    def put(self, data: bytes) -> int:
        place = self.next
        self.image[place : place + len(data)] = data
        self.next += -(-len(data) // SECTOR) * SECTOR
        return place + SHIFT

    def leaf(self, *rows: Row) -> int:
        head, body = b"", b""
        for owner, kind, offset, data in rows:
            body = data + body
            place = NODE - 101 - len(body)
            head += struct.pack("<QBQII", owner, kind, offset, place, len(data))
        return self.node(
            head + bytes(NODE - 101 - len(head) - len(body)) + body, len(rows)
        )

    def node(self, body: bytes, count: int, level: int = 0) -> int:
        head = struct.pack("<48xQ40xIB", self.next + SHIFT, count, level)
        return self.put((head + body).ljust(NODE, b"\0"))

    def above(self, *nodes: int, level: int = 1) -> int:
        rows = b"".join(struct.pack("<QBQQQ", 256, 1, 0, place, 1) for place in nodes)
        return self.node(rows, len(nodes), level)

    def done(
        self, *roots: Row, described: bytes | None = None, level: int = 0
    ) -> bytes:
        described = described or chunk()
        chunks = self.leaf((256, CHUNK, SHIFT, described))
        first = struct.pack("<QBQ", 256, CHUNK, SHIFT) + chunk()
        head = struct.pack(
            "<64x8s8xQQQ", b"_BHRfS_M", self.leaf(*roots), chunks, self.log
        )
        head = head.ljust(144, b"\0") + struct.pack("<II8xI", SECTOR, NODE, len(first))
        head = head.ljust(198, b"\0") + bytes((0, level, 0)) + struct.pack("<Q", 1)
        head = head.ljust(811, b"\0") + first
        self.image[65536 : 65536 + len(head)] = head
        return bytes(self.image)


def file(which: int, text: bytes, size: int, *extents: tuple[int, bytes]) -> list[Row]:
    rows = [(which, INODE, 0, inode(FILE, size)), (which, NAMED, 256, name(text))]
    return [*rows, *((which, EXTENT, start, data) for start, data in extents)]


def lzo(data: bytes) -> bytes:
    framed = len(data).to_bytes(4, "little") + data
    return (len(framed) + 4).to_bytes(4, "little") + framed


PACKED = {1: zlib.compress(LONG), 3: zstd.compress(LONG)}


def made() -> System:
    system = System()
    place = system.put(LONG)
    size = len(LONG)
    rows: list[Row] = [
        (256, INODE, 0, inode(FOLDER, 0)),
        (256, NAMED, 256, name(b"..")),
    ]
    rows += file(257, b"plain", size, (0, regular(place, size, size)))
    rows += file(258, b"few", 3, (0, inline(b"few")))
    packed = zlib.compress(b"packed here")
    rows += file(259, b"z", 11, (0, inline(packed, method=1, size=11)))
    rows += file(260, b"lzo", 30, (0, inline(lzo(LZO), method=2, size=30)))
    holes = (SECTOR, regular(place, size, 10)), (8192, regular(place, 9, 9, kind=2))
    rows += file(261, b"holes", 9000, *holes)
    more: list[Row] = [
        (262, INODE, 0, inode(FOLDER, 0)),
        (262, NAMED, 256, name(b"sub")),
    ]
    for method, data in PACKED.items():
        where = system.put(data)
        extent = regular(where, len(data), 5000, whole=size, method=method, passed=7)
        again = regular(place, size, 500, passed=3)
        each = file(270 + method, b"%d" % method, 6000, (0, extent), (5000, again))
        more += [
            (which, kind, 262 if kind == NAMED else at, data)
            for which, kind, at, data in each
        ]
    leaves = system.leaf(*rows), system.leaf(*more)
    tree = system.above(*leaves)
    system.roots = (5, ROOT, 0, root(tree, 1)), (300, ROOT, 0, root(tree, 1))
    return system


WHOLE = {
    (b"plain", LONG),
    (b"few", b"few"),
    (b"z", b"packed here"),
    (b"lzo", PLAIN),
    (b"holes", bytes(SECTOR) + LONG[:10] + bytes(9000 - SECTOR - 10)),
    (b"sub/1", LONG[7:5007] + LONG[3:503] + bytes(500)),
    (b"sub/3", LONG[7:5007] + LONG[3:503] + bytes(500)),
}
