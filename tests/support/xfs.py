"""Images of XFS, written for tests by the rules of the format."""

BLOCK = 512
GROUP = 60  # blocks; a number of a block has 6 bits for them
FOLDER, FILE, LINK = 0x41ED, 0x81A4, 0xA1FF
LOCAL, RUNS, TREE = 1, 2, 3
LONG = b"".join(b"%d, " % (n * n) for n in range(2000))
FIRST = 20  # first block of content, behind those of inodes


def big(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "big")


def block_number(block: int) -> int:
    return block // GROUP << 6 | block % GROUP


def run(first: int, block: int, count: int, *, unwritten: bool = False) -> bytes:
    value = int(unwritten) << 127 | first << 73 | block_number(block) << 21 | count
    return big(value, 16)


class System:
    """A file system of two groups, with two inodes in a block."""

    def __init__(self, *, summed: bool = False) -> None:
        self.summed = summed
        self.image = bytearray(2 * GROUP * BLOCK)
        self.image[:4] = b"XFSB"
        self.field(4, big(BLOCK) + bytes(4))
        self.field(56, big(4, 8))
        self.field(84, big(GROUP) + big(2))
        self.field(100, big(5 if summed else 4, 2) + big(BLOCK, 2) + big(256, 2))
        self.field(120, bytes((9, 9, 8, 1, 6)))
        self.field(216, big(1))
        self.next = FIRST

    def field(self, place: int, data: bytes) -> None:
        self.image[place : place + len(data)] = data

    def put(self, data: bytes) -> int:
        place = self.next
        self.field(place * BLOCK, data)
        self.next += -(-len(data) // BLOCK)
        return place

    def inode(  # noqa: PLR0917 - the fields of an inode
        self,
        which: int,
        mode: int,
        size: int,
        data: bytes,
        form: int = RUNS,
        count: int | None = None,
        flags: int = 0,
    ) -> None:
        runs = len(data) // 16 if count is None else count
        head = b"IN" + big(mode, 2) + bytes((3 if self.summed else 2, form))
        head = head.ljust(56, b"\0") + big(size, 8)
        head = head.ljust(76, b"\0") + big(runs)
        head = head.ljust(90, b"\0") + big(flags, 2)
        head = head.ljust(176 if self.summed else 100, b"\0") + data
        self.field(which * 256, head.ljust(256, b"\0"))

    def short(
        self, which: int, *entries: tuple[bytes, int], wide: bool = False
    ) -> None:
        width = 8 if wide else 4
        data = bytes((len(entries), int(wide))) + big(4, width)
        for name, inside in entries:
            data += bytes((len(name), 0, 0)) + name
            data += (b"\1" if self.summed else b"") + big(inside, width)
        self.inode(which, FOLDER, len(data), data, LOCAL)

    def rows(self, *entries: tuple[bytes, int]) -> bytes:
        found = b""
        for name, inside in ((b".", 4), (b"..", 4), *entries):
            row = big(inside, 8) + bytes((len(name),)) + name
            row += b"\1" if self.summed else b""
            found += row + bytes(-(len(row) + 2) % 8) + b"\0\0"
        return found

    def block(self, *entries: tuple[bytes, int], only: bool = True) -> bytes:
        magic = (b"XDB3" if only else b"XDD3") if self.summed else b"XD2D"
        if only and not self.summed:
            magic = b"XD2B"
        head = magic.ljust(64 if self.summed else 16, b"\0")
        rows = self.rows(*entries)
        left = BLOCK - len(head) - len(rows)
        free = b"\xff\xff" + big(left, 2)
        if not only:
            return head + rows + free.ljust(left, b"\0")
        table = bytes((0,)) * 8 * len(entries) + big(len(entries)) + bytes(4)
        free = b"\xff\xff" + big(left - len(table), 2)
        return head + rows + free.ljust(left - len(table), b"\0") + table


def node(magic: bytes, level: int, *entries: bytes) -> bytes:
    head = magic + big(level, 2) + big(len(entries), 2)
    head = head.ljust(72 if magic == b"BMA3" else 24, b"\0")
    if not level:
        return head + b"".join(entries)
    most = (BLOCK - len(head)) // 16
    return head + bytes(8 * most) + b"".join(entries)


def root(level: int, room: int, *blocks: int) -> bytes:
    keys = bytes(8 * ((room - 4) // 16))
    places = b"".join(big(block_number(block), 8) for block in blocks)
    return big(level, 2) + big(len(blocks), 2) + keys + places


def made(*, summed: bool) -> System:
    system = System(summed=summed)
    blocks = -(-len(LONG) // BLOCK)
    place = system.put(LONG)
    half = blocks // 2
    magic = b"BMA3" if summed else b"BMAP"
    system.inode(5, FILE, len(LONG), run(0, place, blocks))
    leaves = [
        system.put(node(magic, 0, run(0, place, half))),
        system.put(node(magic, 0, run(half, place + half, blocks - half))),
    ]
    middle = system.put(node(magic, 1, *(big(block_number(n), 8) for n in leaves)))
    data = root(2, 256 - (176 if summed else 100), middle)
    system.inode(6, FILE, len(LONG), data, TREE, 2)
    holes = run(1, place, 1) + run(3, place, 1, unwritten=True)
    system.inode(7, FILE, 4 * BLOCK + 9, holes)
    system.inode(8, LINK, 5, b"/root", LOCAL)
    system.short(9, (b"holes", 7), (b"link", 8), wide=True)
    only = system.put(system.block((b"tree", 6), (b"up", 4)))
    system.inode(10, FOLDER, BLOCK, run(0, only, 1))
    system.next = GROUP + 3
    more = system.put(system.block((b"far", 13), only=False))
    again = system.put(system.block((b"again", 5), only=False))
    system.inode(11, FOLDER, 3 * BLOCK, run(0, more, 1) + run(2, again, 1))
    system.inode(13, FILE, 5, run(0, system.put(b"apart"), 1))
    system.short(4, (b"long", 5), (b"small", 9), (b"one", 10), (b"two", 11))
    return system


WHOLE = {
    (b"long", LONG),
    (b"one/tree", LONG),
    (b"small/holes", bytes(BLOCK) + LONG[:BLOCK] + bytes(2 * BLOCK + 9)),
    (b"two/far", b"apart"),
}
