"""Behaviour of a store that is damaged, locked, full or not ours: a scan goes on."""

import os
import resource
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.alarm import no_longer_than
from support.forked import as_ordinary_user, forked
from support.verdicts import SPACE, made, memory, remember, remembered, store_file

from clearward.core.errors import Unavailable
from clearward.stores.verdicts.memory import MOST_WAITING
from clearward.stores.verdicts.place import Place
from clearward.stores.verdicts.store import Store


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def a_folder(place: Path) -> None:
    place.unlink()
    place.mkdir()
    (place / "something").touch()


def a_fifo(place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def nothing(place: Path) -> None:
    place.write_bytes(b"")


def garbage(place: Path) -> None:
    place.write_bytes(os.urandom(10_000))


def another_version(place: Path) -> None:
    with sqlite3.connect(place) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


def gone(place: Path) -> None:
    place.unlink()


@pytest.mark.parametrize("put", [a_folder, nothing, garbage, another_version, gone])
def test_something_else_in_its_place_is_thrown_away(
    put: Callable[[Path], None], home: Path, tmp_path: Path
) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths)
    put(store_file(home))
    with no_longer_than(10):
        assert remembered(home, paths) == 0
        remember(home, paths)
    assert remembered(home, paths) == len(paths)


@pytest.mark.parametrize("put", [a_folder, a_fifo, nothing, garbage, gone])
def test_something_else_in_place_of_the_key_is_never_trusted(
    put: Callable[[Path], None], home: Path, tmp_path: Path
) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths)
    put(home / "verdicts/key")
    with no_longer_than(10):
        assert remembered(home, paths) == 0
        remember(home, paths)
    kept = remembered(home, paths)
    assert kept == (0 if put is a_folder else len(paths))


def test_a_file_in_place_of_the_folder_is_ignored(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files")
    home.mkdir()
    (home / "verdicts").write_text("a file")
    remember(home, paths)
    assert remembered(home, paths) == 0
    assert (home / "verdicts").read_text("ascii") == "a file"


@pytest.mark.parametrize("path", ["verdicts", "verdicts/key"])
def test_a_store_of_somebody_else_is_never_trusted(
    path: str, home: Path, tmp_path: Path
) -> None:
    if os.geteuid():
        pytest.skip("only root can give files away")
    paths = made(tmp_path / "files")
    remember(home, paths)
    os.chown(home / path, 12345, 12345)
    assert remembered(home, paths) == 0


def test_a_store_that_others_may_write_begins_anew(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths)
    (home / "verdicts").chmod(0o777)
    assert remembered(home, paths) == 0
    assert stat.S_IMODE((home / "verdicts").stat().st_mode) == 0o700
    remember(home, paths)
    assert remembered(home, paths) == len(paths)


def test_a_home_that_cannot_be_written_is_done_without(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paths = made(Path("files"))
    home.mkdir()
    home.chmod(0o555)

    def tried() -> int:
        remember(Path("home"), paths)
        return len(os.listdir("home"))

    tmp_path.chmod(0o755)
    assert as_ordinary_user(tried) == 0


def test_a_store_that_cannot_be_written_is_still_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)

        def tried() -> list[int]:
            one, other, _ = made(Path(folder) / "files")
            home = Path(folder) / "home"
            remember(home, [one])
            store_file(home).chmod(0o400)
            (home / "verdicts").chmod(0o500)
            remember(home, [other])
            known = [remembered(home, [path]) for path in (one, other)]
            (home / "verdicts").chmod(0o700)
            return known

        assert as_ordinary_user(tried) == [1, 0]


def test_a_store_that_damage_calls_read_only_is_thrown_away(
    home: Path, tmp_path: Path
) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths[:1])
    place = store_file(home)
    data = bytearray(place.read_bytes())
    data[18] = 3  # a version of the format that may only be read
    place.write_bytes(data)
    remember(home, paths)
    assert remembered(home, paths) == len(paths)


def test_a_full_disk_forgets_what_is_new_and_nothing_else(
    home: Path, tmp_path: Path
) -> None:
    paths = made(tmp_path / "files", 600)
    remember(home, paths[:100])
    size = store_file(home).stat().st_size

    def tried() -> int:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        remember(home, paths[100:])
        return remembered(home, paths)

    assert forked(tried) == 100
    assert remembered(home, paths) == 100
    remember(home, paths)
    assert remembered(home, paths) == 600


def test_a_store_that_others_have_locked_is_waited_for_a_moment_only(
    home: Path, tmp_path: Path
) -> None:
    one, other, third = made(tmp_path / "files")
    remember(home, [one])
    kept = memory(home)
    there = sqlite3.connect(store_file(home), isolation_level=None)
    there.execute("BEGIN EXCLUSIVE")
    with no_longer_than(5):
        for _ in range(1000):  # after the first they do not wait
            assert kept.knows(one.stat()) is None
        kept.remember(other.stat(), 1)
        kept.flush(0.0)
    there.execute("ROLLBACK")
    there.close()
    kept.remember(third.stat(), 1)
    kept.close()
    assert remembered(home, [one, other, third]) == 3


def test_what_waits_for_others_does_not_grow_for_ever(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_WAITING
    monkeypatch.setattr("clearward.stores.verdicts.memory.MOST_WAITING", 2)
    paths = made(tmp_path / "files", 9)
    remember(home, paths[:1])
    kept = memory(home)
    there = sqlite3.connect(store_file(home), isolation_level=None)
    there.execute("BEGIN EXCLUSIVE")
    for path in paths[1:5]:
        kept.remember(path.stat(), 1)
    kept.flush(0.0)
    there.close()
    for path in paths[5:]:
        kept.remember(path.stat(), 1)
    kept.close()
    assert remembered(home, paths) == 5


def test_who_has_the_old_store_open_goes_on_with_the_new_one(
    home: Path, tmp_path: Path
) -> None:
    one, other, third = made(tmp_path / "files")
    kept = memory(home)
    kept.remember(one.stat(), 1)
    kept.flush()
    Place(str(home)).make(instead=True)
    remember(home, [other])
    kept.remember(third.stat(), 1)
    kept.close()
    assert remembered(home, [one, other, third]) == 2


def test_a_store_that_cannot_be_removed_is_told_to_who_wants_it_forgotten(
    home: Path, tmp_path: Path
) -> None:
    remember(home, made(tmp_path / "files"))
    (home / "verdicts/key").unlink()
    (home / "verdicts/key").mkdir()
    with pytest.raises(Unavailable):
        Store(Place(str(home)), SPACE).forget()
