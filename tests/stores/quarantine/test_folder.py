"""Behaviour of the folder: who works at an entry, and in which state it is."""

import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.forked import as_ordinary_user

from clearward.core.errors import Refused, Unavailable
from clearward.stores.quarantine.folder import Folder, State

ID = "0" * 31 + "1"
OTHER = "0" * 31 + "2"


@pytest.fixture(name="opened")
def fixture_opened(home: Path) -> Iterator[Folder]:
    folder = Folder(str(home))
    yield folder
    folder.close()


def test_it_is_made_for_its_owner_alone(home: Path) -> None:
    before = os.umask(0)
    try:
        Folder(str(home)).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((home / "quarantine").stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o722])
def test_one_that_others_may_use_is_refused(home: Path, mode: int) -> None:
    before = descriptors()
    (home / "quarantine").mkdir(parents=True)
    (home / "quarantine").chmod(mode)
    with pytest.raises(Refused, match="0700"):
        Folder(str(home))
    assert descriptors() == before


def test_a_link_in_its_place_is_not_followed(home: Path, folder: Path) -> None:
    home.mkdir()
    (home / "quarantine").symlink_to(folder)
    with pytest.raises(Unavailable):
        Folder(str(home))


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)

    def told() -> str:
        try:
            Folder(str(tmp_path / "home"))
        except Unavailable as error:
            return str(error)
        return ""

    assert "Permission denied" in as_ordinary_user(told)


def test_entries_are_told_by_their_state(opened: Folder) -> None:
    with opened.new(OTHER), opened.new(ID):
        opened.turn(ID, State.NEW, State.KEPT)
    with opened.new(ID, State.RESTORING):
        pass
    (Path(opened.path) / "note.txt").touch()
    assert opened.entries() == {ID: {State.KEPT, State.RESTORING}, OTHER: {State.NEW}}
    assert list(opened.entries()) == [ID, OTHER]
    opened.remove(OTHER, State.NEW)
    assert list(opened.entries()) == [ID]


def test_an_entry_is_its_owners_alone(opened: Folder) -> None:
    before = os.umask(0)
    try:
        with opened.new(ID) as descriptor:
            assert stat.S_IMODE(os.fstat(descriptor).st_mode) == 0o600
    finally:
        os.umask(before)


def test_one_name_is_made_once(opened: Folder) -> None:
    with (
        opened.new(ID),
        pytest.raises(Unavailable, match="File exists"),
        opened.new(ID),
    ):
        pass


def test_who_works_at_an_entry_has_it_alone(opened: Folder) -> None:
    with opened.new(ID), opened.locked(ID, State.NEW) as second:
        assert second is None
    with opened.locked(ID, State.NEW) as second:
        assert second is not None
        with opened.locked(ID, State.NEW) as third:
            assert third is None


def test_the_lock_of_a_removed_entry_is_none(
    opened: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened.new(ID):
        pass
    real = opened.open

    def removed_meanwhile(identifier: str, state: State) -> int | None:
        descriptor = real(identifier, state)
        opened.remove(identifier, state)
        with opened.new(identifier):
            return descriptor

    monkeypatch.setattr(opened, "open", removed_meanwhile)
    with opened.locked(ID, State.NEW) as descriptor:
        assert descriptor is None


def test_there_is_no_lock_of_nothing(opened: Folder) -> None:
    with opened.locked(ID, State.KEPT) as descriptor:
        assert descriptor is None


def test_a_new_file_is_never_without_its_lock(
    opened: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks for files of the killed looks under the lock of the folder."""
    real = os.open
    busy = []

    def looking(path: str, flags: int, *more: int, **where: int) -> int:
        descriptor = real(path, flags, *more, **where)
        if flags & os.O_CREAT:
            folder = real(opened.path, os.O_RDONLY)
            with pytest.raises(BlockingIOError):
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.close(folder)
            busy.append(path)
        return descriptor

    monkeypatch.setattr(os, "open", looking)
    with opened.new(ID):
        assert busy == [f"{ID}.new"]


def test_many_processes_never_see_one_without(opened: Folder, home: Path) -> None:
    program = (
        "import sys; from clearward.stores.quarantine.folder import Folder\n"
        "for n in range(300):\n"
        "    folder = Folder(sys.argv[1])\n"
        "    with folder.new(f'{n:032x}'): folder.remove(f'{n:032x}', 'new')\n"
    )
    maker = subprocess.Popen([sys.executable, "-c", program, str(home)])
    free = 0
    while maker.poll() is None:
        with opened.alone():
            for identifier in opened.entries():
                with opened.locked(identifier, State.NEW) as descriptor:
                    free += descriptor is not None
    assert maker.returncode == 0
    assert free == 0
