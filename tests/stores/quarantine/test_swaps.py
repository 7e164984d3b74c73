"""Whoever owns a folder on the way interferes at every system call, to no avail."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.quarantine import CONTENT, FOUND, kept, opened, sha256, take
from support.stepping import needs_stepping, stepped

from clearward.stores.quarantine.store import Quarantine

PRECIOUS = b"never to be moved or changed"
MOST = 3000  # calls of one action


@pytest.fixture(autouse=True)
def stepping() -> None:
    needs_stepping()


class Scene:
    """A folder of an attacker in which something was found, and one of a victim."""

    def __init__(self, root: Path) -> None:
        self._opened = ExitStack()
        self.home = root / "home"
        self.own = root / "own"
        self.folder = self.own / "folder"
        self.file = self.folder / "below" / "bad"
        self.away = self.own / "away"
        self.victim = root / "victim"
        self.precious = self.victim / "below" / "bad"

    def open(self) -> Quarantine:
        """Open the quarantine here, so that the copy need not, call by call."""
        self.close()
        return self._opened.enter_context(opened(self.home))

    def close(self) -> None:
        self._opened.close()

    def clear(self) -> None:
        for folder in (self.home, self.own, self.victim):
            shutil.rmtree(folder, ignore_errors=True)
        self.file.parent.mkdir(parents=True)
        self.file.write_bytes(CONTENT)
        self.precious.parent.mkdir(parents=True)
        self.precious.write_bytes(PRECIOUS)

    def swap_folder(self) -> None:
        """Put a link to the victim's folder in the place of the own one."""
        self.folder.rename(self.away)
        self.folder.symlink_to(self.victim)

    def swap_name(self) -> None:
        """Put another file in the place of the one that was found."""
        other = self.own / "other"
        other.write_bytes(PRECIOUS)
        other.rename(self.file)

    def link_name(self) -> None:
        """Put a link to the victim's file there."""
        link = self.own / "link"
        link.symlink_to(self.precious)
        link.rename(self.file)

    def write(self) -> None:
        """Write to the file, if it is there."""
        if self.file.exists():
            with self.file.open("ab") as file:
                file.write(b"more")

    def check_victim(self) -> None:
        assert os.listdir(self.precious.parent) == ["bad"]
        assert self.precious.read_bytes() == PRECIOUS

    def contents(self) -> list[bytes]:
        """What the files in the attacker's folders hold."""
        return [
            path.read_bytes()
            for path in sorted(self.own.rglob("*"))
            if path.is_file() and not path.is_symlink()
        ]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


def interfered(
    prepare: Callable[[], Callable[[], object]], attack: Callable[[], None]
) -> Iterator[bool]:
    """Interfere at the first, second ... call; say whether it was done all the same."""
    for number in range(MOST):
        action = prepare()
        stops = 0

        def at(stop: int, _name: str, turn: int = number) -> None:
            nonlocal stops
            stops = stop
            if stop == turn:
                attack()

        status = stepped(action, at)
        if stops < number:
            return
        assert status in (0, 1)
        yield status == 0
    raise AssertionError("too many calls")


def taking(scene: Scene) -> Callable[[], object]:
    scene.clear()
    scanned = scene.file.lstat()
    quarantine = scene.open()
    return lambda: quarantine.take(os.fsencode(scene.file), FOUND, scanned)


def adding(scene: Scene) -> Callable[[], object]:
    scene.clear()
    quarantine = scene.open()
    return lambda: quarantine.add(os.fsencode(scene.file), FOUND)


def giving_back(scene: Scene, *, overwrite: bool) -> Callable[[], object]:
    scene.clear()
    identifier = take(scene.home, scene.file).identifier
    quarantine = scene.open()
    return lambda: quarantine.restore(identifier, overwrite=overwrite)


@pytest.mark.parametrize("way", [taking, adding])
def test_a_swapped_folder_leads_to_no_other_file(
    scene: Scene, way: Callable[[Scene], Callable[[], object]]
) -> None:
    done = []
    for went in interfered(lambda: way(scene), scene.swap_folder):
        scene.check_victim()
        here = CONTENT in scene.contents()
        scene.folder.unlink()  # the link, for what is put right at the next start
        scene.away.rename(scene.folder)
        records = kept(scene.home)
        assert len(records) + here == 1
        assert all(record.digest == sha256(CONTENT) for record in records)
        done.append(went)
    assert any(done)
    assert not all(done)


def test_taking_never_removes_another_file_of_that_name(scene: Scene) -> None:
    for _ in interfered(lambda: taking(scene), scene.swap_name):
        assert PRECIOUS in scene.contents()
        kept(scene.home)
        assert scene.file.read_bytes() == PRECIOUS
        scene.check_victim()


def test_taking_never_follows_a_link_of_that_name(scene: Scene) -> None:
    for _ in interfered(lambda: taking(scene), scene.link_name):
        kept(scene.home)
        assert scene.file.is_symlink()
        scene.check_victim()


def test_what_is_written_meanwhile_is_not_lost(scene: Scene) -> None:
    done = []
    for went in interfered(lambda: taking(scene), scene.write):
        records = kept(scene.home)
        if scene.file.exists():
            assert scene.file.read_bytes() == CONTENT + b"more"
            assert not records
        else:
            (record,) = records
            assert record.digest == sha256(CONTENT)
        done.append(went)
    assert any(done)
    assert not all(done)


@pytest.mark.parametrize("overwrite", [False, True])
def test_giving_back_through_a_swapped_folder_writes_nowhere_else(
    scene: Scene, *, overwrite: bool
) -> None:
    done = []
    for went in interfered(
        lambda: giving_back(scene, overwrite=overwrite), scene.swap_folder
    ):
        scene.check_victim()
        assert scene.contents() == ([CONTENT] if went else [])
        done.append(went)
    assert any(done)
    assert not all(done)


def test_giving_back_never_takes_the_place_of_another_file(scene: Scene) -> None:
    done = []
    for went in interfered(
        lambda: giving_back(scene, overwrite=False), scene.swap_name
    ):
        assert scene.file.read_bytes() == PRECIOUS
        assert went or len(kept(scene.home)) == 1
        done.append(went)
    assert any(done)
    assert not all(done)


@pytest.mark.parametrize("overwrite", [False, True])
def test_giving_back_never_writes_through_a_link_of_that_name(
    scene: Scene, *, overwrite: bool
) -> None:
    for went in interfered(
        lambda: giving_back(scene, overwrite=overwrite), scene.link_name
    ):
        scene.check_victim()
        assert went or len(kept(scene.home)) == 1
        assert scene.file.is_symlink() or scene.file.read_bytes() == CONTENT
