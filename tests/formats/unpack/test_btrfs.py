"""Behaviour of the reader of Btrfs."""

import os
import shutil
import subprocess
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.btrfs import (
    EXTENT,
    FIRST,
    LONG,
    ROOT,
    SHIFT,
    WHOLE,
    Row,
    System,
    chunk,
    file,
    inline,
    lzo,
    made,
    regular,
    root,
)
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.btrfs import volume
from clearward.formats.unpack import btrfs


def image_of(*rows: Row, described: bytes | None = None) -> bytes:
    """An image with one tree."""
    system = System()
    return system.done((5, ROOT, 0, root(system.leaf(*rows))), described=described)


def test_files_come_back_once_whatever_snapshots_they_are_in() -> None:
    system = made()
    found = named(btrfs.unpack(Reader.of(system.done(*system.roots))))
    assert set(found) == WHOLE
    assert len(found) == len(WHOLE)


def test_files_that_only_the_log_has_come_back() -> None:
    system = System()
    tree = system.leaf(*file(257, b"fresh", 3, (0, inline(b"new"))))
    system.log = system.leaf(((1 << 64) - 6, ROOT, 5, root(tree)))
    assert named(btrfs.unpack(Reader.of(system.done()))) == [(b"fresh", b"new")]


def test_a_file_without_a_name_or_an_inode_comes_back() -> None:
    row = (257, EXTENT, 0, inline(b"lost"))
    assert named(btrfs.unpack(Reader.of(image_of(row)))) == [(b"257", b"lost")]


def test_what_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    extents = (
        (257, inline(b"x" * 9, method=4), Reason.UNSUPPORTED),
        (258, regular(0, 9, 9, locked=1), Reason.ENCRYPTED),
        (259, regular(1, 9, 9), Reason.CORRUPT),
    )
    rows = [
        row for which, data, _ in extents for row in file(which, b"n", 9, (0, data))
    ]
    _, said, error = collect(btrfs.unpack(Reader.of(image_of(*rows))))
    assert said == [reason for _, _, reason in extents]
    assert error == "place in chunks"
    monkeypatch.setattr(btrfs, "MOST_EXTENTS", 1)
    many = [(at, regular(0, 9, 9)) for at in (0, 9)]
    image = image_of(*file(257, b"n", 18, *many))
    assert gaps(btrfs.unpack(Reader.of(image))) == [Reason.MEMORY_LIMIT]


@pytest.mark.parametrize(
    ("extent", "field"),
    [
        (inline(b"junk", method=1, size=9), "packed extent"),
        (inline(zlib.compress(b"few"), method=1, size=9), "packed extent"),
        (inline(b"junk", method=3, size=9), "packed extent"),
        (inline(lzo(b"\x19abc"), method=2, size=9), "block"),
        (regular(SHIFT, 1 << 21, 9, method=1), "size of an extent"),
        (regular(SHIFT, 9, 9, whole=1 << 21, method=1), "size of an extent"),
        (regular(SHIFT + (1 << 29), 9, 9), "extent"),
    ],
)
def test_damaged_extents_are_said(extent: bytes, field: str) -> None:
    image = image_of(
        *file(257, b"n", 9, (0, extent)), *file(258, b"m", 1, (0, inline(b"m")))
    )
    found, fields = [], []
    try:
        for item in btrfs.unpack(Reader.of(image)):
            parts, _, error = collect([item])
            found += parts
            fields.append(error)
    except Malformed as error:
        fields.append(error.field)
    assert found[-1] == b"m"
    assert field in fields


def test_of_several_devices_only_copies_are_read() -> None:
    rows = file(257, b"n", 3, (0, inline(b"few")))
    for described, read in (
        (chunk(0x10 | 1, (2, 1)), [b"few"]),
        (chunk(0x8 | 1, (1, 2)), []),
        (chunk(1, (2,)), []),
    ):
        parts, _, error = collect(
            btrfs.unpack(Reader.of(image_of(*rows, described=described)))
        )
        assert parts == read
        assert error == ("" if read else "chunk on other devices")


def test_a_tree_that_goes_round_or_is_damaged_is_said() -> None:
    system = System()
    tree = system.leaf(*file(257, b"n", 3, (0, inline(b"few"))))
    top = system.above(tree, tree, SHIFT)
    image = system.done((5, ROOT, 0, root(top, 1)))
    assert collect(btrfs.unpack(Reader.of(image)))[0] == [b"few"]
    assert collect(btrfs.unpack(Reader.of(image)))[2] == "tree that goes round"
    system = System()
    top = system.above(SHIFT, system.leaf(*file(257, b"n", 3, (0, inline(b"few")))))
    image = system.done((5, ROOT, 0, root(top, 1)))
    assert collect(btrfs.unpack(Reader.of(image))) == ([b"few"], [], "node")


def test_more_nodes_than_there_can_be_are_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(volume, "TIMES", 0)
    system = made()
    with pytest.raises(Malformed, match="number of nodes"):
        contents(btrfs.unpack(Reader.of(system.done(*system.roots))))


def test_an_image_that_ends_early_gives_what_there_is() -> None:
    system = made()
    image = system.done(*system.roots)
    for size in (66000, FIRST, FIRST + 9000, FIRST + 50000):
        with pytest.raises(Malformed):
            contents(btrfs.unpack(Reader.of(image[:size])))
    with pytest.raises(Truncated):
        contents(btrfs.unpack(Reader.of(image[:66000])))


@pytest.mark.parametrize("place", [144, 148])
def test_a_superblock_that_cannot_be_is_corrupt(place: int) -> None:
    system = made()
    image = bytearray(system.done(*system.roots))
    image[65536 + place] = 3
    with pytest.raises(Malformed):
        contents(btrfs.unpack(Reader.of(bytes(image))))


SOUND = made()
IMAGE = SOUND.done(*SOUND.roots)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 60_000), st.binary(min_size=1, max_size=8))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    front = (65536, 65536 + 811, FIRST + 32768, SOUND.next - 8192)[place % 4]
    place = front + place % 4000
    image = IMAGE[:place] + junk + IMAGE[place + len(junk) :]
    with suppress(Malformed):
        list(btrfs.unpack(Reader.of(image)))  # unread: sizes may be anything now


@pytest.mark.skipif(shutil.which("mkfs.btrfs") is None, reason="needs mkfs.btrfs")
@pytest.mark.parametrize("options", [[], ["-n", "4096"], ["-m", "single"]])
def test_what_mkfs_writes_comes_back(options: list[str], tmp_path: Path) -> None:
    files = {b"few%d" % n: b"few %d" % n for n in range(120)}
    files |= {b"deep/long": LONG * 20}
    (tmp_path / "in/deep").mkdir(parents=True)
    for each, data in files.items():
        (tmp_path / "in" / each.decode()).write_bytes(data)
    image = tmp_path / "image"
    image.touch()
    os.truncate(image, 120 << 20)
    command = ["mkfs.btrfs", "-q", *options, "--rootdir", str(tmp_path / "in")]
    subprocess.run([*command, str(image)], check=True, capture_output=True, timeout=60)
    with image.open("rb") as file:

        def read(offset: int, size: int) -> bytes:
            file.seek(offset)
            return file.read(size)

        found = dict(named(btrfs.unpack(Reader(read, image.stat().st_size))))
    assert found == files
    image.unlink()
