"""Whenever an update is killed: the old rules or the new ones, and whole."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.stepping import QUIET, calls, killed_at, needs_stepping
from support.sweeping import steps
from support.updating import Machine, witnesses

from clearward.installing.update import Update

MOST = 3000  # calls of one update


@pytest.fixture(autouse=True)
def stepping() -> None:
    needs_stepping()


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path / "one", witnesses=witnesses(), quorum=2)
    made.add("One")
    return made


def sweep(
    prepare: Callable[[], Callable[[], object]],
    check: Callable[[], int],
) -> set[int]:
    """Kill an action at each of its calls; return what was in force afterwards."""
    found = set()
    for number in steps(MOST):
        action = prepare()
        came_so_far = killed_at(action, number, QUIET)
        found.add(check())
        if not came_so_far:
            return found
    raise AssertionError("it does not end")


def test_killed_at_any_call_of_an_update_the_old_or_the_new_rules_are_whole(
    tmp_path: Path, publisher: Repositories
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    machine.update(publisher.folder)
    publisher.add("Two")
    machine.update(publisher.folder)
    before = tmp_path / "before"
    shutil.copytree(machine.home, before, symlinks=True)
    publisher.add("Three")

    def prepare() -> Callable[[], object]:
        shutil.rmtree(machine.home)
        shutil.copytree(before, machine.home, symlinks=True)
        return lambda: machine.update(publisher.folder)

    def check() -> int:
        left = machine.seq()
        machine.update(publisher.folder)  # whatever it left is no hindrance
        assert machine.seq() == 3
        return left

    assert sweep(prepare, check) == {2, 3}


def test_killed_at_any_call_of_the_first_update_there_are_no_rules_or_whole_ones(
    tmp_path: Path, publisher: Repositories
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)

    def prepare() -> Callable[[], object]:
        shutil.rmtree(machine.home, ignore_errors=True)
        return lambda: machine.update(publisher.folder)

    assert sweep(prepare, machine.seq) == {0, 1}


def test_killed_at_any_call_of_going_back_one_of_the_two_is_in_force(
    tmp_path: Path, publisher: Repositories
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    machine.update(publisher.folder)
    publisher.add("Two")
    machine.update(publisher.folder)
    before = tmp_path / "before"
    shutil.copytree(machine.home, before, symlinks=True)

    def prepare() -> Callable[[], object]:
        shutil.rmtree(machine.home)
        shutil.copytree(before, machine.home, symlinks=True)
        return lambda: Update(machine.place).roll_back()

    assert sweep(prepare, machine.seq) == {1, 2}


def test_everything_is_on_the_disk_before_the_switch(
    tmp_path: Path, publisher: Repositories
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    machine.update(publisher.folder)
    publisher.add("Two")
    names = calls(lambda: machine.update(publisher.folder))
    last = max(number for number, name in enumerate(names) if name == "symlink")
    marks = [name for name in names[:last] if name in ("fsync", "rename")]
    # The image, its proof, their folder, its name, the folder of that.
    assert marks[-5:] == ["fsync", "fsync", "fsync", "rename", "fsync"]
    after = [name for name in names[last:] if name in ("fsync", "rename")]
    assert after == ["rename", "fsync"]
