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
from support.xfs import (
    BLOCK,
    FILE,
    FIRST,
    FOLDER,
    GROUP,
    LOCAL,
    LONG,
    TREE,
    WHOLE,
    System,
    big,
    made,
    node,
    root,
    run,
)

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import xfs
from clearward.formats.xfs import volume


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
