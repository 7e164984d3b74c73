"""Only the very file that was scanned is moved, copied or removed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clearward.faces.clamav import actions
from clearward.faces.clamav.actions import Replaced


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "q"
    folder.mkdir()
    return folder


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in/victim.com"
    path.write_bytes(b"bad")
    return path


def raw(path: Path) -> bytes:
    return os.fsencode(path)


def moved(path: Path, scanned: os.stat_result, target: Path) -> Path:
    return Path(os.fsdecode(actions.move(raw(path), scanned, raw(target))))


def test_a_file_is_moved(victim: Path, target: Path) -> None:
    assert moved(victim, victim.stat(), target) == target / "victim.com"
    assert (target / "victim.com").read_bytes() == b"bad"
    assert os.listdir(victim.parent) == []


def test_a_name_that_is_taken_gets_a_number(victim: Path, target: Path) -> None:
    (target / "victim.com").write_bytes(b"first")
    (target / "victim.com.001").symlink_to("/nowhere")
    assert moved(victim, victim.stat(), target) == target / "victim.com.002"
    assert (target / "victim.com").read_bytes() == b"first"


def test_a_copy_is_for_the_owner_alone(victim: Path, target: Path) -> None:
    victim.chmod(0o4755)
    actions.copy(raw(victim), victim.stat(), raw(target))
    made = target / "victim.com"
    assert made.read_bytes() == b"bad"
    assert made.stat().st_mode & 0o7777 == 0o600
    assert victim.exists()


def test_a_file_is_removed(victim: Path) -> None:
    actions.remove(raw(victim), victim.stat())
    assert os.listdir(victim.parent) == []


def test_a_move_without_links_copies_all_and_keeps_the_mode(
    victim: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    victim.chmod(0o751)
    scanned = victim.stat()
    monkeypatch.setattr(os, "link", refuse)
    made = moved(victim, scanned, target)
    assert made.read_bytes() == b"bad"
    assert made.stat().st_mode & 0o777 == 0o751
    assert os.listdir(victim.parent) == []


Act = Callable[[bytes, os.stat_result, bytes], object]


def removed(path: bytes, scanned: os.stat_result, _: bytes) -> None:
    actions.remove(path, scanned)


@pytest.mark.parametrize("act", [actions.move, actions.copy, removed])
class TestAnotherFileInItsPlace:
    """CVE-2020-3350: the name leads to something else by now."""

    def refused(self, act: Act, victim: Path, old: os.stat_result, to: Path) -> None:
        with pytest.raises(OSError):
            act(raw(victim), old, raw(to))
        assert os.listdir(to) == []
        assert os.listdir(victim.parent) != []

    def test_a_new_file(self, act: Act, victim: Path, target: Path) -> None:
        old = victim.stat()
        other = victim.parent / "other"
        other.write_bytes(b"god")
        os.utime(other, ns=(old.st_atime_ns, old.st_mtime_ns))
        other.rename(victim)
        self.refused(act, victim, old, target)
        assert victim.read_bytes() == b"god"

    def test_a_link(self, act: Act, victim: Path, target: Path) -> None:
        old = victim.stat()
        precious = victim.parent.parent / "precious"
        precious.write_bytes(b"good")
        victim.unlink()
        victim.symlink_to(precious)
        self.refused(act, victim, old, target)
        assert precious.read_bytes() == b"good"

    def test_a_folder_that_became_a_link(
        self, act: Act, victim: Path, target: Path
    ) -> None:
        old = victim.stat()
        elsewhere = victim.parent.parent / "elsewhere"
        victim.parent.rename(elsewhere)
        victim.parent.symlink_to(elsewhere)
        self.refused(act, victim, old, target)
        assert (elsewhere / victim.name).read_bytes() == b"bad"

    def test_a_changed_file(self, act: Act, victim: Path, target: Path) -> None:
        old = victim.stat()
        victim.write_bytes(b"new")
        os.utime(victim, ns=(old.st_atime_ns, old.st_mtime_ns))
        self.refused(act, victim, old, target)


def test_what_is_slipped_in_at_the_last_moment_goes_back(
    victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is checked, then replaced, then moved away: it is checked again."""
    scanned = victim.stat()
    real = os.rename

    def late(*names: bytes, src_dir_fd: int, dst_dir_fd: int) -> None:
        monkeypatch.undo()
        precious = victim.parent / "precious"
        precious.write_bytes(b"good")
        os.replace(precious, victim)
        real(*names, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(os, "rename", late)
    with pytest.raises(Replaced):
        actions.remove(raw(victim), scanned)
    assert victim.read_bytes() == b"good"
    assert os.listdir(victim.parent) == ["victim.com"]
