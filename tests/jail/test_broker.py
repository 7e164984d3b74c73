"""Behaviour of the only place that opens scanned files."""

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from support.forked import as_ordinary_user

from clearward.core.reasons import NONE, Reason
from clearward.jail.broker import OpenFile, Unopened, admit, open_file

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can arrange this")


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    return path


def opened(path: Path, most_size: int | None = None) -> OpenFile:
    entry = open_file(os.fsencode(path), b"shown", None, most_size)
    assert isinstance(entry, OpenFile)
    return entry


def refused(path: Path, most_size: int | None = None) -> Unopened:
    entry = open_file(os.fsencode(path), b"shown", None, most_size)
    assert isinstance(entry, Unopened)
    assert entry.path == b"shown"
    return entry


def test_a_file_is_open_for_reading_only_and_closed_at_exec(path: Path) -> None:
    file = opened(path)
    flags = os.get_blocking(file.descriptor)
    assert flags is False
    assert not os.get_inheritable(file.descriptor)
    with pytest.raises(OSError):
        os.write(file.descriptor, b"x")
    assert (file.path, file.size, file.status.st_nlink) == (b"shown", 7, 1)
    assert file.close() is NONE


def test_close_gives_the_descriptor_back(path: Path) -> None:
    file = opened(path)
    file.close()
    with pytest.raises(OSError):
        os.fstat(file.descriptor)


def test_a_name_is_looked_up_in_the_given_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        file = open_file(path.name, b"shown", folder, None)
        assert isinstance(file, OpenFile)
        assert os.pread(file.descriptor, 10, 0) == b"content"
        file.close()
    finally:
        os.close(folder)


def test_a_link_is_not_followed(path: Path) -> None:
    link = path.with_name("link")
    link.symlink_to(path)
    assert refused(link).reason is Reason.CHANGED


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listening:
        # The path of a socket is short.
        listening.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)


def make_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [make_fifo, make_socket, make_folder])
def test_what_is_no_regular_file_is_said_at_once(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    make(tmp_path / "thing")
    assert refused(tmp_path / "thing").reason is Reason.NOT_REGULAR


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/tty"])
def test_a_device_is_not_regular_or_not_there(device: str) -> None:
    if not Path(device).exists():
        pytest.skip(f"there is no {device} here")
    assert refused(Path(device)).reason is Reason.NOT_REGULAR


def test_a_file_that_is_gone_has_vanished(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone").reason is Reason.VANISHED


def test_a_file_in_what_is_no_folder_any_more_has_changed(path: Path) -> None:
    assert refused(path / "inner").reason is Reason.CHANGED


def test_an_ordinary_user_is_told_about_what_cannot_be_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.chmod(0)
    path.parent.chmod(0o755)
    monkeypatch.chdir(path.parent)
    if os.geteuid() != 0:
        assert refused(path).reason is Reason.PERMISSION
        return
    reason = as_ordinary_user(lambda: int(refused(Path(path.name)).reason))
    assert Reason(reason) is Reason.PERMISSION


@ROOT_ONLY
def test_a_file_of_somebody_else_is_opened_without_the_owners_right(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the owner may keep the time of access; others are not refused for it."""
    path.chmod(0o644)
    path.parent.chmod(0o755)
    monkeypatch.chdir(path.parent)

    def action() -> str:
        file = opened(Path(path.name))
        return os.pread(file.descriptor, 20, 0).decode()

    assert as_ordinary_user(action) == "content"


def test_running_out_of_descriptors_is_not_taken_for_a_missing_right(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object, **__: object) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "open", exhausted)
    with pytest.raises(OSError, match="Too many open files"):
        open_file(os.fsencode(path), b"shown", None, None)


@pytest.mark.parametrize("most", [None, 7, 8])
def test_a_file_within_the_size_limit_is_opened(most: int | None, path: Path) -> None:
    assert opened(path, most).close() is NONE


@pytest.mark.parametrize("most", [0, 6])
def test_a_file_above_the_size_limit_is_left_out(most: int, path: Path) -> None:
    entry = refused(path, most)
    assert (entry.reason, entry.size) == (Reason.SIZE_LIMIT, 7)


def test_an_empty_file_passes_a_size_limit_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert opened(tmp_path / "empty", 0).close() is NONE


def test_the_time_of_access_is_not_moved(path: Path) -> None:
    os.utime(path, ns=(10**9, 2 * 10**18))  # accessed long before it was changed
    file = opened(path)
    os.pread(file.descriptor, 100, 0)
    assert file.close() is NONE
    assert path.stat().st_atime_ns == 10**9


def shrink(path: Path) -> None:
    os.truncate(path, 3)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"CONTENT")


def rewrite_and_turn_back_the_time(path: Path) -> None:
    before = path.stat()
    rewrite(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def change_mode(path: Path) -> None:
    path.chmod(0o600 ^ stat.S_IMODE(path.stat().st_mode))


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"content")
    other.replace(path)


def move(path: Path) -> None:
    path.rename(path.with_name("moved"))


@pytest.mark.parametrize(
    ("meddle", "reason"),
    [
        (shrink, Reason.CHANGED),
        (grow, Reason.CHANGED),
        (rewrite, Reason.CHANGED),
        (rewrite_and_turn_back_the_time, Reason.CHANGED),
        (change_mode, Reason.CHANGED),
        (move, Reason.CHANGED),
        (remove, Reason.VANISHED),
        (replace, Reason.VANISHED),
    ],
)
def test_meddling_between_open_and_close_is_noticed(
    meddle: Callable[[Path], None], reason: Reason, path: Path
) -> None:
    os.utime(path, ns=(10**18, 10**18))
    file = opened(path)
    wait_for_the_clock(path)
    meddle(path)
    assert file.close() is reason


def wait_for_the_clock(path: Path) -> None:
    """Wait for the next tick of the file system's clock, a few milliseconds."""
    other = path.with_name("clock")
    first = 0
    while True:
        other.write_bytes(b"x")
        now = other.stat().st_ctime_ns
        if first and now != first:
            return
        first = first or now


def test_a_file_without_a_name_from_the_start_has_not_vanished(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    path.unlink()
    entry = admit(descriptor, b"-", None)
    assert isinstance(entry, OpenFile)
    assert entry.status.st_nlink == 0
    assert entry.close() is NONE


@pytest.mark.parametrize("number", [0, 1])
def test_a_pipe_is_refused_and_closed(number: int) -> None:
    ends = os.pipe()
    try:
        entry = admit(ends[number], b"-", None)
        assert entry == Unopened(b"-", Reason.NOT_REGULAR)
        with pytest.raises(OSError):
            os.fstat(ends[number])
    finally:
        os.close(ends[1 - number])
