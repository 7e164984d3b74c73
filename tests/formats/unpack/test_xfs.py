"""Behaviour of the reader of XFS."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import xfs
from clearward.formats.xfs import volume

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


@pytest.mark.parametrize("summed", [False, True])
def test_files_come_back_with_their_ways_once(*, summed: bool) -> None:
    found = named(xfs.unpack(Reader.of(bytes(made(summed=summed).image))))
    assert set(found) == WHOLE
    assert len(found) == len(WHOLE)


def test_a_file_on_another_device_is_unsupported() -> None:
    system = System()
    system.inode(5, FILE, 9, run(0, 1, 1), flags=1)
    system.short(4, (b"x", 5))
    assert gaps(xfs.unpack(Reader.of(bytes(system.image)))) == [Reason.UNSUPPORTED]


def wrong_tree(system: System) -> None:
    place = system.put(node(b"BMAP", 1, big(FIRST, 8)))
    system.inode(5, FILE, 9, root(2, 156, place, place), TREE, 9)


def wrong_level(system: System) -> None:
    system.inode(5, FILE, 9, root(3, 156, system.put(b"BMAP")), TREE, 9)


def few_runs(system: System) -> None:
    system.inode(5, FILE, 9, root(1, 156, system.put(node(b"BMAP", 0))), TREE, 9)


def no_form(system: System) -> None:
    system.inode(5, FILE, 9, b"", 0)


def no_inode(system: System) -> None:
    system.field(5 * 256, b"XX")


@pytest.mark.parametrize(
    ("damage", "field"),
    [
        (wrong_tree, "map"),
        (wrong_level, "map"),
        (few_runs, "number of pieces"),
        (no_form, "format of an inode"),
        (no_inode, "inode"),
    ],
)
def test_what_stands_around_damage_comes_back(damage: object, field: str) -> None:
    system = System()
    system.inode(6, FILE, 4, run(0, system.put(b"good"), 1))
    assert callable(damage)
    damage(system)
    system.short(4, (b"bad", 5), (b"good", 6))
    found = collect(xfs.unpack(Reader.of(bytes(system.image))))
    assert found == ([b"good"], [Reason.CORRUPT], field)


def test_a_tree_that_goes_round_is_corrupt() -> None:
    system = System()
    place = system.next
    node_of_itself = node(b"BMAP", 1, big(place, 8))
    system.put(node_of_itself)
    system.inode(5, FILE, 9, root(2, 156, place), TREE, 9)
    system.short(4, (b"x", 5))
    found = collect(xfs.unpack(Reader.of(bytes(system.image))))
    assert found == ([], [Reason.CORRUPT], "map that goes round")


def test_a_file_in_too_many_pieces_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume, "MOST_RUNS", 1)
    system = System()
    system.inode(5, FILE, 900, run(0, 1, 1) + run(1, 2, 1))
    system.short(4, (b"x", 5))
    assert collect(xfs.unpack(Reader.of(bytes(system.image))))[1] == [
        Reason.MEMORY_LIMIT
    ]


def test_damaged_folders_give_what_stands_before() -> None:
    system = System()
    system.inode(5, FILE, 4, run(0, system.put(b"good"), 1))
    block = system.block((b"good", 5), only=False)
    place = block.index(b"\xff\xff")
    system.put(block[: place + 2] + big(4, 2) + block[place + 4 :])
    system.inode(4, FOLDER, BLOCK, run(0, system.next - 1, 1))
    found = collect(xfs.unpack(Reader.of(bytes(system.image))))
    assert found == ([b"good"], [Reason.CORRUPT], "free bytes of a folder")
    system.field((system.next - 1) * BLOCK, b"XXXX")
    found = collect(xfs.unpack(Reader.of(bytes(system.image))))
    assert found == ([], [], "block of a folder")
    system.inode(4, FOLDER, 9, b"\2\0" + bytes(7), LOCAL)
    assert collect(xfs.unpack(Reader.of(bytes(system.image))))[2] == "folder"
    system.inode(4, FOLDER, 1 << 40, run(0, 1, 1))
    assert collect(xfs.unpack(Reader.of(bytes(system.image))))[2]


def test_an_image_that_ends_early_gives_what_there_is() -> None:
    image = bytes(made(summed=False).image)
    parts, _, error = collect(xfs.unpack(Reader.of(image[: GROUP * BLOCK])))
    assert error
    assert LONG in parts
    with pytest.raises(Truncated):
        contents(xfs.unpack(Reader.of(image[:200])))


@pytest.mark.parametrize(("place", "value"), [(4, 5), (104, 9), (124, 99), (192, 9)])
def test_a_superblock_that_cannot_be_is_corrupt(place: int, value: int) -> None:
    system = System()
    system.image[place] = value
    with pytest.raises(Malformed):
        contents(xfs.unpack(Reader.of(bytes(system.image))))


IMAGE = bytes(made(summed=True).image)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 60_000), st.binary(min_size=1, max_size=8))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    front = (0, 4 * 256, FIRST * BLOCK + len(LONG), (GROUP + 3) * BLOCK)[place % 4]
    place = front + place % 2500
    image = IMAGE[:place] + junk + IMAGE[place + len(junk) :]
    with suppress(Malformed):
        list(xfs.unpack(Reader.of(image)))  # unread: sizes may be anything now


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_arbitrary_bytes_behind_the_magic_are_no_trouble(data: bytes) -> None:
    with suppress(Malformed):
        list(xfs.unpack(Reader.of(b"XFSB\0" + data)))


@pytest.mark.skipif(shutil.which("mkfs.xfs") is None, reason="needs mkfs.xfs")
@pytest.mark.parametrize("options", [["-m", "crc=1"], ["-m", "crc=0"]])
def test_what_mkfs_writes_comes_back(options: list[str], tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(LONG * 30)
    (tmp_path / "few").write_bytes(b"few")
    rows = [f"name-of-some-length-{n} ---644 0 0 {tmp_path}/few" for n in range(400)]
    rows = ["deep d--755 0 0", f"long ---644 0 0 {tmp_path}/long", "$", *rows, "$"]
    (tmp_path / "rows").write_text("\n".join(["none", "0 0", "d--755 0 0", *rows, ""]))
    image = tmp_path / "image"
    image.touch()
    os.truncate(image, 320 << 20)
    command = ["mkfs.xfs", "-q", *options, "-p", str(tmp_path / "rows"), str(image)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with image.open("rb") as file:

        def read(offset: int, size: int) -> bytes:
            file.seek(offset)
            return file.read(size)

        found = named(xfs.unpack(Reader(read, image.stat().st_size)))
    assert (b"deep/long", LONG * 30) in found
    assert len({name for name, data in found if data == b"few"}) == 400
    image.unlink()
