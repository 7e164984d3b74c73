"""Behaviour of forgetting: what was named is gone, also for who has it in memory."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from support.verdicts import SPACE, made, memory, remember, remembered, store_file

from clearward.core.errors import Unavailable
from clearward.stores.verdicts import forgetting
from clearward.stores.verdicts.forgetting import files_below, forget_all, forget_files
from clearward.stores.verdicts.memory import VerdictMemory
from clearward.stores.verdicts.place import Place

OTHER = bytes(32)


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def forget(home: Path, *paths: Path) -> int:
    return forget_files(str(home), [path.stat() for path in paths])


def test_only_what_was_named_is_forgotten_under_all_rules(
    home: Path, tmp_path: Path
) -> None:
    paths = made(tmp_path / "files", 100)  # many of one block
    for space in (SPACE, OTHER):
        remember(home, paths, space)
    assert forget(home, *paths[:30]) == 30
    for space in (SPACE, OTHER):
        assert remembered(home, paths[:30], space) == 0
        assert remembered(home, paths[30:], space) == 70
    assert forget(home, *paths[:30]) == 0
    assert forget(home, *paths) == 70


def test_batches_are_summed_up(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 7)
    paths = made(tmp_path / "files", 20)
    remember(home, paths)
    assert forget(home, *paths) == 20


def test_a_file_that_has_changed_since_is_forgotten_as_well(
    home: Path, tmp_path: Path
) -> None:
    path, *_ = made(tmp_path / "files")
    remember(home, [path])
    path.write_text("longer than it was before")
    assert forget(home, path) == 1


def test_all_is_forgotten(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths)
    forget_all(str(home))
    assert remembered(home, paths) == 0
    forget_all(str(home / "none"))
    assert not (home / "none").exists()


def all_of_it(home: Path, _path: Path) -> None:
    forget_all(str(home))


def one_of_it(home: Path, path: Path) -> None:
    forget(home, path)


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("how", [all_of_it, one_of_it])
def test_who_holds_it_in_memory_forgets_within_a_second(
    how: Callable[[Path, Path], None], home: Path, tmp_path: Path
) -> None:
    path, waiting, later = made(tmp_path / "files")
    clock = Clock()
    kept = VerdictMemory(Place(str(home)), SPACE, now=clock, every=0)
    kept.remember(path.stat(), 1)
    kept.flush()
    assert kept.knows(path.stat()) == 1
    kept.remember(waiting.stat(), 1)
    how(home, path)
    clock.now += 1.0
    assert kept.knows(path.stat()) is None
    assert kept.knows(waiting.stat()) is None  # it was clean before
    kept.remember(later.stat(), 1)
    kept.flush()
    assert kept.knows(later.stat()) == 1
    kept.close()


@pytest.mark.parametrize("how", [all_of_it, one_of_it])
def test_what_waits_to_be_written_is_forgotten(
    how: Callable[[Path, Path], None], home: Path, tmp_path: Path
) -> None:
    one, other, _ = made(tmp_path / "files")
    kept = memory(home)
    kept.remember(one.stat(), 1)
    kept.flush()
    kept.remember(other.stat(), 1)
    how(home, other)
    kept.close()  # writes what waits, and would do so now
    assert remembered(home, [other]) == 0


def test_who_writes_all_the_time_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "PATIENCE", 0.01)
    paths = made(tmp_path / "files")
    remember(home, paths)
    there = sqlite3.connect(store_file(home), isolation_level=None)
    there.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="in use"):
        forget(home, *paths)
    there.close()


def test_a_damaged_store_is_told_for_some_files_and_removed_for_all(
    home: Path, tmp_path: Path
) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths)
    store_file(home).write_bytes(os.urandom(9000))
    with pytest.raises(Unavailable, match="cannot be changed"):
        forget(home, *paths)
    forget_all(str(home))
    assert forget(home, *paths) == 0


def test_files_below_are_all_of_them_and_no_links(tmp_path: Path) -> None:
    folder = tmp_path / "top"
    paths = [*made(folder), *made(folder / "deep")]
    outside, *_ = made(tmp_path / "outside")
    (folder / "link").symlink_to(outside.parent)
    faults: list[OSError] = []
    found = {one.st_ino for one in files_below(str(folder), faults.append)}
    assert {path.stat().st_ino for path in paths} <= found
    assert outside.stat().st_ino not in found
    (only,) = files_below(str(paths[0]), faults.append)
    assert only.st_ino == paths[0].stat().st_ino
    assert not faults
    assert not list(files_below(str(tmp_path / "none"), faults.append))
    assert len(faults) == 1
