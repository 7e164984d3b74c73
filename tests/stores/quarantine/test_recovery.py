"""Behaviour of recovery: what a kill left is put right, and nothing else is touched."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from support.quarantine import CONTENT, NOW, Complaints, kept, left, opened, take

from clearward.stores.quarantine import removal, taking
from clearward.stores.quarantine.container import Writer
from clearward.stores.quarantine.folder import Folder
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.place import Place
from clearward.stores.quarantine.store import Quarantine


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(action: Callable[[], object]) -> None:
    """Do something in a copy of this process that is killed on the way."""
    process = os.fork()
    if process == 0:
        try:
            action()
        finally:
            os._exit(0)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status)


@pytest.fixture(name="copied")
def fixture_copied(home: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file whose entry is whole, and which is still in its place."""
    with monkeypatch.context() as context:
        context.setattr(taking, "remove", die)
        killed(lambda: take(home, file))
    assert left(home) == {"taking"}
    return file


@pytest.fixture(name="aside")
def fixture_aside(home: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The secret name of a file whose entry is whole."""
    with monkeypatch.context() as context:
        context.setattr(Identity, "has_content", die)
        killed(lambda: take(home, file))
    (secret,) = file.parent.iterdir()
    assert secret.name.startswith(".clearward-")
    return secret


def test_half_an_entry_is_removed(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        context.setattr(Writer, "finish", die)
        killed(lambda: take(home, file))
    assert left(home) == {"new"}
    assert kept(home) == []
    assert left(home) == set()
    assert file.read_bytes() == CONTENT


def test_what_another_process_is_writing_stays(home: Path) -> None:
    folder = Folder(str(home))
    with opened(home):
        pass  # makes the key
    with folder.new("ab" * 16):
        assert kept(home) == []
        assert left(home) == {"new"}
    folder.close()


def test_a_file_that_was_not_removed_yet_is_removed(home: Path, copied: Path) -> None:
    assert len(kept(home)) == 1
    assert not copied.exists()
    assert left(home) == {"kept"}


def test_a_file_with_its_secret_name_is_removed(home: Path, aside: Path) -> None:
    assert len(kept(home)) == 1
    assert not aside.exists()


def test_so_it_is_if_its_name_was_taken_meanwhile(home: Path, aside: Path) -> None:
    name = aside.with_name("bad")
    name.write_bytes(b"another")
    assert len(kept(home)) == 1
    assert os.listdir(aside.parent) == ["bad"]
    assert name.read_bytes() == b"another"


def test_one_that_was_written_to_meanwhile_stays(home: Path, copied: Path) -> None:
    copied.write_bytes(b"written")
    assert kept(home) == []
    assert copied.read_bytes() == b"written"


def test_so_it_does_with_its_secret_name(home: Path, aside: Path) -> None:
    aside.write_bytes(b"written")
    assert kept(home) == []
    assert aside.with_name("bad").read_bytes() == b"written"
    assert not aside.exists()


def test_one_written_to_behind_its_time_stays(home: Path, copied: Path) -> None:
    """Size and time of the last write say that nothing happened; the content does."""
    before = copied.stat()
    copied.write_bytes(b"x" * before.st_size)
    os.utime(copied, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert kept(home) == []
    assert copied.read_bytes() == b"x" * before.st_size


def test_another_file_of_that_name_stays(home: Path, copied: Path) -> None:
    other = copied.with_name("other")
    other.write_bytes(b"another")
    other.rename(copied)
    assert len(kept(home)) == 1
    assert copied.read_bytes() == b"another"


def test_another_file_with_the_secret_name_gets_its_own_back(
    home: Path, aside: Path
) -> None:
    other = aside.with_name("other")
    other.write_bytes(b"another")
    other.rename(aside)
    assert len(kept(home)) == 1
    assert aside.with_name("bad").read_bytes() == b"another"
    assert not aside.exists()


def test_so_does_one_with_the_same_content(home: Path, aside: Path) -> None:
    other = aside.with_name("other")
    other.write_bytes(CONTENT)
    other.rename(aside)
    assert len(kept(home)) == 1
    assert os.listdir(aside.parent) == ["bad"]


def test_one_that_cannot_be_removed_stays_and_its_entry_goes(
    home: Path, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(removal, "move", forbidden)
    assert kept(home) == []
    assert copied.read_bytes() == CONTENT


def test_an_entry_whose_folder_cannot_be_reached_waits(
    home: Path, copied: Path
) -> None:
    """It may be on a disk that is not there now."""
    away = copied.parent.with_name("away")
    copied.parent.rename(away)
    complaints = Complaints()
    with Quarantine(str(home), complaints, lambda: NOW) as quarantine:
        (item,) = quarantine.items()
        assert not item.settled
    assert "its folder cannot be opened" in complaints[0]
    away.rename(copied.parent)
    assert len(kept(home)) == 1
    assert not copied.exists()


def test_who_asks_for_such_an_entry_gets_it(home: Path, copied: Path) -> None:
    copied.parent.rename(copied.parent.with_name("away"))
    target = copied.parent.parent / "back"
    with Quarantine(str(home), Complaints(), lambda: NOW) as quarantine:
        (item,) = quarantine.items()
        quarantine.restore(item.identifier, bytes(target))
    assert target.read_bytes() == CONTENT
    assert left(home) == set()


def test_one_that_was_given_back_is_in_quarantine_no_more(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back(home, file, monkeypatch)
    assert kept(home) == []
    assert file.read_bytes() == CONTENT
    assert left(home) == set()


def test_one_that_was_written_to_since_is_in_both(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back(home, file, monkeypatch)
    file.write_bytes(b"written")
    assert len(kept(home)) == 1
    assert file.read_bytes() == b"written"
    assert left(home) == {"kept"}


def test_another_file_in_its_place_does_not_stand_for_it(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back(home, file, monkeypatch)
    other = file.with_name("other")
    other.write_bytes(CONTENT)
    other.rename(file)
    assert len(kept(home)) == 1
    assert left(home) == {"kept"}


def given_back(home: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a file back; be killed before its entry is removed."""
    record = take(home, file)

    def restore() -> None:
        with opened(home) as quarantine:
            quarantine.restore(record.identifier)

    with monkeypatch.context() as context:
        context.setattr(Place, "sync", die)
        killed(restore)
    assert file.exists()
    assert left(home) == {"kept", "restoring"}


def test_a_damaged_entry_is_told_and_left(home: Path, copied: Path) -> None:
    (entry,) = (home / "quarantine").iterdir()
    entry.write_bytes(b"")
    complaints = Complaints()
    with Quarantine(str(home), complaints, lambda: NOW) as quarantine:
        (item,) = quarantine.items()
        assert item.damage
    assert "cut short" in complaints[0]
    assert copied.exists()
    assert left(home) == {"taking"}
