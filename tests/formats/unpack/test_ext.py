"""Behaviour of the reader of ext2, ext3 and ext4."""

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
from clearward.formats.unpack import ext

BLOCK = 1024
TABLE = 5  # block of the inodes, 128 bytes each
FIRST = 20  # first block of content
FOLDER, FILE = 0x41ED, 0x81A4
EXTENTS, INLINE, ENCRYPTED = 0x80000, 0x10000000, 0x800
LONG = b"".join(b"%d, " % (n * n) for n in range(4000))


def little(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "little")


class System:
    """A file system of one group, whose inodes are numbered from 1."""

    def __init__(self, incompatible: int = 0) -> None:
        self.inodes: dict[int, bytes] = {}
        self.content = b""
        self.incompatible = incompatible

    def put(self, data: bytes) -> int:
        place = FIRST + len(self.content) // BLOCK
        self.content += data + bytes(-len(data) % BLOCK)
        return place

    def inode(
        self, which: int, mode: int, size: int, where: bytes, flags: int = 0
    ) -> None:
        head = little(mode, 2) + bytes(2) + little(size) + bytes(24) + little(flags)
        self.inodes[which] = (head.ljust(40, b"\0") + where).ljust(128, b"\0")[:128]

    def folder(self, which: int, *entries: tuple[int, bytes]) -> None:
        rows = b""
        for inode, name in ((which, b"."), (2, b".."), *entries):
            length = -(-(8 + len(name)) // 4) * 4
            row = little(inode) + little(length, 2) + bytes((len(name), 1)) + name
            rows += row.ljust(length, b"\0")
        place = self.put(rows)
        self.inode(which, FOLDER, len(rows), little(place))

    def image(self) -> bytes:
        head = bytearray(1024)
        head[20:24] = little(1)
        head[40:44] = little(64)
        head[56:58] = b"\x53\xef"
        head[76:80] = little(1)
        head[88:90] = little(128, 2)
        head[96:100] = little(self.incompatible)
        group = bytes(8) + little(TABLE)
        image = bytearray(FIRST * BLOCK)
        image[1024:2048] = head
        image[2048 : 2048 + len(group)] = group
        for which, data in self.inodes.items():
            place = TABLE * BLOCK + (which - 1) * 128
            image[place : place + 128] = data
        return bytes(image) + self.content


def extent(first: int, count: int, place: int) -> bytes:
    return little(first) + little(count, 2) + bytes(2) + little(place)


def extents(depth: int, *rows: bytes) -> bytes:
    head = little(0xF30A, 2) + little(len(rows), 2) + little(4, 2) + little(depth, 2)
    return head + bytes(4) + b"".join(rows)


def made() -> System:
    system = System()
    blocks = -(-len(LONG) // BLOCK)
    place = system.put(LONG)
    inner = system.put(b"".join(little(place + 12 + n) for n in range(blocks - 12)))
    direct = b"".join(little(place + n) for n in range(12)) + little(inner)
    system.inode(12, FILE, len(LONG), direct)
    more = system.put(extents(0, extent(10, blocks - 10, place + 10)))
    rows = extents(1, little(0) + little(more) + bytes(4))
    system.inode(13, FILE, len(LONG), rows, EXTENTS)
    holes = extents(0, extent(2, 1, place), extent(3, 0x8001, place))
    system.inode(14, FILE, 5 * BLOCK, holes, EXTENTS)
    system.inode(15, FILE, 6, b"inside", INLINE)
    system.folder(16, (14, b"holes"), (15, b"small"), (16, b"loop"))
    system.folder(2, (12, b"old"), (13, b"new"), (16, b"sub"), (12, b"again"))
    return system


WHOLE = {
    (b"old", LONG),
    (b"new", bytes(10 * BLOCK) + LONG[10 * BLOCK :]),
    (b"sub/holes", bytes(2 * BLOCK) + LONG[:BLOCK] + bytes(2 * BLOCK)),
    (b"sub/small", b"inside"),
}


def test_files_come_back_with_their_ways_once() -> None:
    found = named(ext.unpack(Reader.of(made().image())))
    assert set(found) == WHOLE
    assert len(found) == len(WHOLE)


def test_blocks_of_blocks_of_places_are_followed_and_holes_are_zeros() -> None:
    system = System()
    place = system.put(b"far")
    inner = system.put(bytes(4) + little(place))
    outer = system.put(bytes(8) + little(inner))
    size = (12 + 256 + 2 * 256 + 1) * BLOCK + 3
    system.inode(12, FILE, size, bytes(13 * 4) + little(outer))
    system.folder(2, (12, b"x"))
    ((_, found),) = named(ext.unpack(Reader.of(system.image())))
    assert len(found) == size
    assert found.rstrip(b"\0").endswith(b"far")
    assert found.count(b"\0") == size - 3


def test_a_map_that_goes_round_is_corrupt() -> None:
    system = System()
    system.inode(12, FILE, 1 << 30, bytes(14 * 4) + little(FIRST))
    system.put(little(FIRST) * 256)
    system.folder(2, (12, b"x"))
    parts, said, error = collect(ext.unpack(Reader.of(system.image())))
    assert (parts, said, error) == ([], [Reason.CORRUPT], "map that goes round")


def test_what_is_encrypted_or_cannot_be_read_is_said() -> None:
    system = System()
    system.inode(12, FILE, 9, bytes(60), ENCRYPTED)
    system.inode(13, FILE, 90, b"front", INLINE)
    system.folder(2, (12, b"x"), (13, b"y"))
    found = gaps(ext.unpack(Reader.of(system.image())))
    assert set(found) == {Reason.ENCRYPTED, Reason.UNSUPPORTED}
    journal = System(incompatible=8).image()
    assert gaps(ext.unpack(Reader.of(journal))) == [Reason.UNSUPPORTED]


def test_an_image_that_ends_early_gives_what_there_is() -> None:
    image = made().image()
    parts, _, error = collect(ext.unpack(Reader.of(image[:-3000])))
    assert error
    assert LONG not in parts or len(parts) < len(WHOLE)
    with pytest.raises(Truncated):
        contents(ext.unpack(Reader.of(image[:1500])))
    with pytest.raises(Malformed):
        contents(ext.unpack(Reader.of(image[:1048] + b"\x20" + image[1049:])))


IMAGE = made().image()


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 60_000), st.binary(min_size=1, max_size=8))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    front = (1024, TABLE * BLOCK, TABLE * BLOCK + 11 * 128, FIRST * BLOCK)[place % 4]
    place = front + place % 1200
    image = IMAGE[:place] + junk + IMAGE[place + len(junk) :]
    with suppress(Malformed):
        list(ext.unpack(Reader.of(image)))  # unread: sizes may be anything now


@pytest.mark.skipif(shutil.which("mke2fs") is None, reason="mke2fs is not installed")
@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
@pytest.mark.parametrize("block", ["1024", "4096"])
def test_what_mke2fs_writes_comes_back(kind: str, block: str, tmp_path: Path) -> None:
    folder = tmp_path / "in/deep"
    folder.mkdir(parents=True)
    (folder / "long").write_bytes(LONG * 30)
    (folder.parent / "short").write_bytes(b"few")
    image = tmp_path / "image"
    command = ["mke2fs", "-q", "-t", kind, "-b", block, "-d", str(folder.parent)]
    subprocess.run(
        [*command, str(image), "8M"], check=True, capture_output=True, timeout=60
    )
    found = set(named(ext.unpack(Reader.of(image.read_bytes()))))
    assert found == {(b"deep/long", LONG * 30), (b"short", b"few")}
