"""Behaviour of the quarantine as a whole."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.quarantine import CONTENT, FOUND, NOW, add, kept, left, opened, take

from clearward.core.errors import Refused, Unavailable
from clearward.stores.quarantine.container import Reader
from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.folder import Folder, State
from clearward.stores.quarantine.store import Quarantine

NOBODY = "0" * 32


def test_what_was_scanned_is_taken_through_links(home: Path, file: Path) -> None:
    """A scan follows a link that it was given, so its path may lead through one."""
    (file.parent.parent / "link").symlink_to(file.parent)
    path = file.parent.parent / "link" / "bad"
    with opened(home) as quarantine:
        record = quarantine.take(bytes(path), FOUND, path.stat())
    assert record.path == bytes(file)
    assert not file.exists()


def test_what_was_not_scanned_is_not(home: Path, file: Path) -> None:
    scanned = file.stat()
    other = file.with_name("other")
    other.write_bytes(b"another")
    link = file.with_name("link")
    link.symlink_to(other)
    with opened(home) as quarantine, pytest.raises(Refused, match="no longer the file"):
        quarantine.take(bytes(link), FOUND, scanned)
    assert other.exists()


def test_what_a_person_names_is_not_taken_through_links(home: Path, file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file)
    with pytest.raises(Refused, match="leads through a link"):
        add(home, link)
    assert file.exists()


def test_a_list_opens_no_content(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(home, file)

    def content(_: Reader) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(Reader, "content", content)
    assert len(kept(home)) == 1


def test_a_list_shows_damaged_entries_as_well(home: Path, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).write_bytes(b"x")
        add(home, folder / name)
    first, _ = sorted((home / "quarantine").iterdir())
    first.write_bytes(first.read_bytes()[:-1])
    with opened(home) as quarantine:
        one, other = quarantine.items()
        assert one.damage
        assert one.record is None
        assert other.record is not None
        with pytest.raises(Damaged):
            quarantine.restore(one.identifier)
        quarantine.delete(one.identifier)
        assert [item.identifier for item in quarantine.items()] == [other.identifier]


def test_one_entry_is_shown(home: Path, file: Path) -> None:
    record = take(home, file)
    with opened(home) as quarantine:
        assert quarantine.show(record.identifier).record == record


@pytest.mark.parametrize("name", [NOBODY, "", "../../etc/passwd", "x" * 1000])
def test_an_entry_that_is_not_there_is_told(home: Path, file: Path, name: str) -> None:
    take(home, file)
    with opened(home) as quarantine:
        for action in (quarantine.show, quarantine.restore, quarantine.delete):
            with pytest.raises(Unavailable, match="no such entry"):
                action(name)
    assert left(home) == {"kept"}


def test_a_deleted_entry_is_gone(home: Path, file: Path) -> None:
    record = take(home, file)
    with opened(home) as quarantine:
        quarantine.delete(record.identifier)
        assert list(quarantine.items()) == []
    assert left(home) == set()
    assert not file.exists()


def test_an_entry_that_another_works_at_is_left(home: Path, file: Path) -> None:
    record = take(home, file)
    folder = Folder(str(home))
    with (
        opened(home) as quarantine,
        folder.locked(record.identifier, State.KEPT) as entry,
    ):
        assert entry is not None
        for action in (quarantine.restore, quarantine.delete):
            with pytest.raises(Refused, match="another process"):
                action(record.identifier)
    folder.close()
    assert not file.exists()
    assert left(home) == {"kept"}


def test_older_entries_are_told(home: Path, folder: Path) -> None:
    for days, name in ((0, "new"), (91, "old")):
        (folder / name).write_bytes(b"x")
        with opened(home, NOW - timedelta(days=days)) as quarantine:
            quarantine.add(bytes(folder / name), FOUND)
    with opened(home) as quarantine:
        (old,) = quarantine.older(quarantine.kept_for)
        assert old.record is not None
        assert os.path.basename(old.record.path) == b"old"
        assert len(quarantine.older(timedelta(days=91))) == 0
        assert len(quarantine.older(timedelta(0) - timedelta(seconds=1))) == 2


def test_without_its_key_nothing_is_sealed_with_another(home: Path, file: Path) -> None:
    take(home, file)
    file.write_bytes(CONTENT)
    (home / "quarantine.key").unlink()
    before = descriptors()
    with pytest.raises(Refused, match="bring it back"):
        add(home, file)
    assert file.exists()
    assert not (home / "quarantine.key").exists()
    assert descriptors() == before


def test_an_entry_of_another_key_is_damaged(home: Path, file: Path) -> None:
    take(home, file)
    (home / "quarantine.key").write_bytes(b"x" * 32)
    with opened(home) as quarantine:
        (item,) = quarantine.items()
    assert "another key" in item.damage


def test_an_entry_under_another_name_is_damaged(home: Path, file: Path) -> None:
    take(home, file)
    (entry,) = (home / "quarantine").iterdir()
    entry.rename(entry.with_name(f"{NOBODY}.kept"))
    with opened(home) as quarantine:
        (item,) = quarantine.items()
    assert item.damage


def test_it_closes_what_it_opened(home: Path, file: Path) -> None:
    before = descriptors()
    take(home, file)
    with opened(home) as quarantine:
        list(quarantine.items())
    assert descriptors() == before


def test_a_wrong_setting_is_told_before_anything_is_made(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARWARD_QUARANTINE_DAYS", "x")
    with pytest.raises(Refused):
        Quarantine(str(home), print)
    assert not home.exists()
