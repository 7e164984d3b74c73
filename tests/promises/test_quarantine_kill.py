"""Whenever it is killed, a file is in one place afterwards, and whole."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.quarantine import CONTENT, kept, less_able, opened, sha256, take
from support.stepping import QUIET, calls, killed_at, needs_stepping

MOST = 3000  # calls of one action


@pytest.fixture(autouse=True)
def stepping() -> None:
    needs_stepping()


@pytest.fixture(params=["here", "elsewhere"])
def but(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> frozenset[str]:
    """What kernel and file system can do here, and where they can do less.

    There, kills that cannot make a difference are left out.
    """
    if request.param == "here":
        return frozenset()
    less_able(monkeypatch)
    return QUIET


def sweep(
    prepare: Callable[[], Callable[[], object]],
    check: Callable[[], bool],
    but: frozenset[str] = frozenset(),
) -> tuple[int, int]:
    """Kill an action at each of its calls; count both answers of the check."""
    counts = [0, 0]
    for number in range(MOST):
        action = prepare()
        came_so_far = killed_at(action, number, but)
        counts[check()] += 1
        if not came_so_far:
            break
    assert sum(counts) < MOST
    return counts[0], counts[1]


class Scene:
    """A home and a file, made anew for each kill."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.file = root / "files" / "bad"

    def clear(self) -> None:
        for folder in (self.home, self.file.parent):
            shutil.rmtree(folder, ignore_errors=True)
        self.file.parent.mkdir()
        self.file.write_bytes(CONTENT)

    def is_out(self) -> bool:
        """Say whether the file is in its place; else it is in the quarantine."""
        records = kept(self.home)
        names = [path.name for path in self.file.parent.iterdir()]
        assert names in ([], ["bad"])  # and nothing else lies about
        assert len(records) + len(names) == 1
        if names:
            assert self.file.read_bytes() == CONTENT
            assert not any(
                path.suffix in (".new", ".taking", ".kept", ".restoring")
                for path in (self.home / "quarantine").iterdir()
            )
        else:
            self.check_entry()
        return bool(names)

    def check_entry(self) -> None:
        """The entry is whole: it can be given back."""
        (record,) = kept(self.home)
        assert record.digest == sha256(CONTENT)
        with opened(self.home) as quarantine:
            quarantine.restore(record.identifier)
        assert self.file.read_bytes() == CONTENT


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_killed_at_any_call_of_taking_a_file_is_in_one_place(
    scene: Scene, but: frozenset[str]
) -> None:
    def prepare() -> Callable[[], object]:
        scene.clear()
        return lambda: take(scene.home, scene.file)

    moved, stayed = sweep(prepare, scene.is_out, but)
    assert moved
    assert stayed


def test_killed_at_any_call_of_giving_back_a_file_is_in_one_place(
    scene: Scene, but: frozenset[str]
) -> None:
    def prepare() -> Callable[[], object]:
        scene.clear()
        record = take(scene.home, scene.file)

        def give_back() -> None:
            with opened(scene.home) as quarantine:
                quarantine.restore(record.identifier)

        return give_back

    stayed, back = sweep(prepare, scene.is_out, but)
    assert stayed
    assert back


def test_killed_at_any_call_of_replacing_it_leaves_the_old_or_the_new_file(
    scene: Scene, but: frozenset[str]
) -> None:
    """With --overwrite the new file has a secret name for a moment."""

    def prepare() -> Callable[[], object]:
        scene.clear()
        record = take(scene.home, scene.file)
        scene.file.write_bytes(b"another")

        def replace() -> None:
            with opened(scene.home) as quarantine:
                quarantine.restore(record.identifier, overwrite=True)

        return replace

    def is_back() -> bool:
        records = kept(scene.home)
        assert [path.name for path in scene.file.parent.iterdir()] == ["bad"]
        back = scene.file.read_bytes() == CONTENT
        assert len(records) == (0 if back else 1)
        if not back:
            assert scene.file.read_bytes() == b"another"
        return back

    assert all(sweep(prepare, is_back, but))


def test_killed_at_any_call_of_deleting_an_entry_is_whole_or_gone(scene: Scene) -> None:
    def prepare() -> Callable[[], object]:
        scene.clear()
        record = take(scene.home, scene.file)

        def delete() -> None:
            with opened(scene.home) as quarantine:
                quarantine.delete(record.identifier)

        return delete

    def is_gone() -> bool:
        assert not list(scene.file.parent.iterdir())
        if kept(scene.home):
            scene.check_entry()
            return False
        return True

    assert all(sweep(prepare, is_gone))


def test_killed_while_it_puts_right_what_a_kill_left(scene: Scene) -> None:
    """Taking is killed where the file has its secret name, then the next start is."""

    def prepare() -> Callable[[], object]:
        scene.clear()
        assert killed_at(lambda: take(scene.home, scene.file), "unlinkat")
        assert [path.name[:11] for path in scene.file.parent.iterdir()] == [
            ".clearward-"
        ]
        return lambda: kept(scene.home)

    scene.clear()
    moved, stayed = sweep(prepare, scene.is_out)
    assert moved
    assert not stayed


MARKS = ("fsync", "renameat", "renameat2", "linkat", "unlinkat")


def test_everything_is_on_the_disk_before_the_file_is_removed(scene: Scene) -> None:
    scene.clear()
    kept(scene.home)  # or the key would be made as well
    names = calls(lambda: take(scene.home, scene.file))
    assert [name for name in names if name in MARKS] == [
        *("fsync", "renameat", "fsync"),  # the entry, whole, under its name
        *("renameat2", "unlinkat", "fsync"),  # the old place
        *("renameat", "fsync"),  # nowhere else
    ]


def test_everything_is_on_the_disk_before_an_entry_is_removed(scene: Scene) -> None:
    scene.clear()
    record = take(scene.home, scene.file)

    def give_back() -> None:
        with opened(scene.home) as quarantine:
            quarantine.restore(record.identifier)

    names = calls(give_back)
    assert [name for name in names if name in MARKS] == [
        "unlinkat",  # a journal of before: there is none
        *("fsync", "fsync"),  # the journal, before and behind the new file
        *("fsync", "linkat"),  # the file gets its name when it is whole
        "unlinkat",  # a secret name: there is none
        "fsync",  # the folder
        *("unlinkat", "fsync", "unlinkat", "fsync"),  # the entry, the journal
    ]
