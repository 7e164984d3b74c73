"""Behaviour of a walk that passes by what is known."""

import os
import time
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from support.tree import Complaints, plant

from clearward.jail.broker import OpenFile
from clearward.jail.known import Known, Passed
from clearward.jail.listing import stamp
from clearward.jail.tree import Choice, Walk

pytestmark = pytest.mark.usefixtures("nothing_stays_open")


class Kept:
    """A store that says that some files are known."""

    def __init__(self, *paths: Path) -> None:
        self.all = {stamp(path.stat()): 7 for path in paths}
        self.asked: set[int] = set()

    def known(self, device: int, blocks: Collection[int]) -> Mapping[bytes, int]:
        del device
        self.asked.update(blocks)
        return self.all


def walked(
    path: Path, kept: Kept, choice: Choice | None = None, *, trusts: bool = True
) -> tuple[dict[str, bool], list[str], list[Passed]]:
    """What was opened, and whether it was steady; what was not; what was passed by."""
    told: list[Passed] = []
    known = Known(kept, told.append)
    known.trusts = lambda *_: trusts
    opened, refused = {}, []
    walk = Walk(choice or Choice(), Complaints(), known)
    for entry in walk.entries(os.fsencode(path)):
        name = os.fsdecode(entry.path).removeprefix(f"{path.parent}/")
        if isinstance(entry, OpenFile):
            opened[name] = entry.steady
            entry.close()
        else:
            refused.append(f"{name} {entry.reason.word}")
    known.close()
    return opened, refused, told


def names(told: list[Passed]) -> list[str]:
    return sorted(
        os.fsdecode(passed.front + name) for passed in told for name in passed.names
    )


def settle(*paths: Path) -> None:
    """Wait until files are old enough to be steady."""
    newest = max(path.stat().st_ctime_ns for path in paths)
    while time.time_ns() < newest + 60_000_000:
        time.sleep(0.01)


def test_folders_of_known_files_are_passed_by(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    plant(tree, "a", "b/c", "b/d")
    paths = [tree / name for name in ("a", "b/c", "b/d")]
    kept = Kept(*paths)
    opened, refused, told = walked(tree, kept)
    assert (opened, refused) == ({}, [])
    assert names(told) == sorted(map(str, paths))
    assert sorted(size for passed in told for size in passed.sizes()) == [1, 3, 3]
    assert all(passed.parts[one] == 7 for passed in told for one in passed.stamps)
    assert kept.asked == {path.stat().st_ino >> 6 for path in paths}


def test_what_is_not_known_is_opened(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    plant(tree, "a", "b", "c")
    settle(tree / "a")
    opened, _, told = walked(tree, Kept(tree / "a", tree / "c"))
    assert opened == {"tree/b": True}
    assert names(told) == [str(tree / "a"), str(tree / "c")]


def test_a_file_of_just_now_is_opened_and_not_steady(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    plant(tree, "a")
    with open(tree / "a", "ab"):  # somebody is at it, whatever the clock says
        opened, _, _ = walked(tree, Kept())
    assert opened == {"tree/a": False}


def test_a_file_that_is_named_is_passed_by_as_well(tmp_path: Path) -> None:
    plant(tmp_path, "a", "b")
    (tmp_path / "link").symlink_to("a")
    for name in ("a", "link"):
        opened, refused, told = walked(tmp_path / name, Kept(tmp_path / "a"))
        assert (opened, refused) == ({}, [])
        assert names(told) == [str(tmp_path / name)]
    opened, _, told = walked(tmp_path / "b", Kept(tmp_path / "a"))
    assert (list(opened), told) == (["b"], [])


def test_nothing_is_passed_by_where_the_file_system_is_not_trusted(
    tmp_path: Path,
) -> None:
    tree = tmp_path / "tree"
    plant(tree, "a")
    for path in (tree, tree / "a"):
        opened, _, told = walked(path, Kept(tree / "a"), trusts=False)
        assert (len(opened), told) == (1, [])


def test_what_is_left_out_stays_so_whether_it_is_known_or_not(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    plant(tree, "a.txt", "b.log", "c/d.txt", "e/f.txt")
    os.mkfifo(tree / "fifo")
    paths = [tree / name for name in ("a.txt", "b.log", "c/d.txt", "e/f.txt")]
    choice = Choice(exclude=("*.log", "e"))
    opened, refused, told = walked(tree, Kept(*paths), choice)
    assert opened == {}
    assert sorted(refused) == [
        "tree/b.log excluded",
        "tree/e excluded",
        "tree/fifo not-regular",
    ]
    assert names(told) == [str(tree / "a.txt"), str(tree / "c/d.txt")]


def test_hard_links_are_passed_by_each(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    plant(tree, "a")
    (tree / "b").hardlink_to(tree / "a")
    _, _, told = walked(tree, Kept(tree / "a"))
    assert names(told) == [str(tree / "a"), str(tree / "b")]


def test_without_a_memory_nothing_is_steady(tmp_path: Path) -> None:
    plant(tmp_path, "a")
    for entry in Walk(Choice(), Complaints()).entries(os.fsencode(tmp_path)):
        assert isinstance(entry, OpenFile)
        assert not entry.steady
        entry.close()
