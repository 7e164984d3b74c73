"""Behaviour of taking: a file is moved, whole, or it stays."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.forked import as_ordinary_user, forked, mount, needs_own_mounts, own_mounts
from support.quarantine import (
    CONTENT,
    FOUND,
    NOW,
    add,
    kept,
    left,
    opened,
    sha256,
    take,
)

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.jail import kernel


def said(home: Path, path: Path) -> str:
    """What is said of a file that is not taken."""
    try:
        add(home, path)
    except ClearwardError as error:
        return str(error)
    return ""


def test_a_file_is_moved_with_all_that_is_known(home: Path, file: Path) -> None:
    before = file.stat()
    record = take(home, file)
    assert not file.exists()
    assert left(home) == {"kept"}
    assert kept(home) == [record]
    assert record.path == bytes(file)
    assert record.time == NOW
    assert record.found == FOUND
    assert record.digest == sha256(CONTENT)
    assert record.identity.inode == before.st_ino
    assert record.size == len(CONTENT)
    assert record.links == 1


def test_nothing_is_left_open(home: Path, file: Path) -> None:
    before = descriptors()
    take(home, file)
    assert descriptors() == before


def test_identifiers_sort_by_time(home: Path, folder: Path) -> None:
    names = []
    for number in range(3):
        path = folder / f"{number}"
        path.write_bytes(b"x")
        names.append(add(home, path).identifier)
    assert len({name[:12] for name in names}) == 1  # the same moment
    assert len(set(names)) == 3


def test_a_file_of_any_name_is_moved(home: Path, folder: Path) -> None:
    raw = os.path.join(bytes(folder), b"\xff\x1b[31m\n x")
    with open(raw, "wb") as file:
        file.write(b"x")
    with opened(home) as quarantine:
        assert quarantine.add(raw, FOUND).path == raw
    assert not os.path.exists(raw)


@pytest.mark.parametrize("size", [0, 1 << 20, (1 << 20) + 1, 5_000_000])
def test_every_size_is_moved(home: Path, folder: Path, size: int) -> None:
    content = os.urandom(size)
    path = folder / "bad"
    path.write_bytes(content)
    record = take(home, path)
    with opened(home) as quarantine:
        quarantine.restore(record.identifier)
    assert path.read_bytes() == content


def test_one_of_many_names_is_moved_and_the_next_one_as_well(
    home: Path, file: Path
) -> None:
    """Removing a name moves the change time: it is still the file that was scanned."""
    others = [file.with_name(name) for name in ("b", "c")]
    for other in others:
        os.link(file, other)
    scanned = file.stat()
    with opened(home) as quarantine:
        links = [
            quarantine.take(bytes(path), FOUND, scanned).links
            for path in (file, *others)
        ]
    assert links == [3, 2, 1]
    assert not list(file.parent.iterdir())


def test_one_that_was_written_to_between_two_names_stays(
    home: Path, file: Path
) -> None:
    other = file.with_name("b")
    os.link(file, other)
    scanned = file.stat()
    with opened(home) as quarantine:
        quarantine.take(bytes(file), FOUND, scanned)
        other.write_bytes(b"written")
        with pytest.raises(Refused):
            quarantine.take(bytes(other), FOUND, scanned)
    assert other.read_bytes() == b"written"


def test_a_full_disk_leaves_the_file(home: Path, file: Path) -> None:
    needs_own_mounts()
    home.mkdir()

    def told() -> list[str]:
        own_mounts()
        number = kernel.numbers()["mount"]
        kernel.call(number, b"none", bytes(home), b"tmpfs", 0, b"size=128k")
        file.write_bytes(os.urandom(1_000_000))
        message = said(home, file)
        return [message, *os.listdir(home / "quarantine")]

    (message,) = forked(told)
    assert message == (
        f"{file}: cannot be put into quarantine: No space left on device; it stays "
        "where it is"
    )
    assert len(file.read_bytes()) == 1_000_000


def test_a_limit_on_files_leaves_the_file(home: Path, file: Path) -> None:
    file.write_bytes(os.urandom(1_000_000))

    def told() -> list[str]:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        message = said(home, file)
        return [message, *os.listdir(home / "quarantine")]

    (message,) = forked(told)
    assert "File too large; it stays" in message
    assert len(file.read_bytes()) == 1_000_000


def test_a_file_of_another_file_system_is_moved(home: Path, folder: Path) -> None:
    needs_own_mounts()

    def moved() -> bool:
        own_mounts()
        mount(b"tmpfs", bytes(folder))
        path = folder / "bad"
        path.write_bytes(CONTENT)
        record = take(home, path)
        gone = not path.exists()
        with opened(home) as quarantine:
            quarantine.restore(record.identifier)
        return gone and path.read_bytes() == CONTENT

    assert forked(moved)


def test_what_a_folder_with_the_sticky_bit_protects_stays(everybodys: Path) -> None:
    """It is only found out at the end, so the entry goes again."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to make a file of another user")
    folder = everybodys / "sticky"
    folder.mkdir()
    folder.chmod(0o1777)
    (folder / "bad").write_bytes(CONTENT)

    def told() -> list[str]:
        home = everybodys / "home"
        message = said(home, folder / "bad")
        return [message, *os.listdir(home / "quarantine")]

    (message,) = as_ordinary_user(told)
    assert "Operation not permitted; it stays where it is" in message
    assert os.listdir(folder) == ["bad"]


def test_an_ordinary_user_moves_and_gives_back_his_own(everybodys: Path) -> None:
    def moved() -> bool:
        path = everybodys / "bad"
        path.write_bytes(CONTENT)
        path.chmod(0o4710)
        os.setxattr(path, "user.note", b"x")
        os.utime(path, ns=(1, 2))
        before = path.stat()
        record = take(everybodys / "home", path)
        with opened(everybodys / "home") as quarantine:
            back = quarantine.restore(record.identifier)
        now = path.stat()
        return (
            back.missing == ()
            and path.read_bytes() == CONTENT
            and now.st_mode == before.st_mode
            and (now.st_uid, now.st_gid) == (before.st_uid, before.st_gid)
            and now.st_mtime_ns == 2
            and os.getxattr(path, "user.note") == b"x"
        )

    assert as_ordinary_user(moved)


def test_many_processes_move_a_file_once(home: Path, file: Path) -> None:
    file.write_bytes(os.urandom(3_000_000))
    program = (
        "import sys; from clearward.stores.quarantine.store import Quarantine\n"
        "from clearward.stores.quarantine.record import Found\n"
        "with Quarantine(sys.argv[1], print) as one:\n"
        "    one.add(sys.argv[2].encode(), Found())\n"
    )
    command = [sys.executable, "-c", program, str(home), str(file)]
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(6)]
    statuses = sorted(process.wait(timeout=60) for process in running)
    assert statuses == [0, 1, 1, 1, 1, 1]
    assert len(kept(home)) == 1
    assert not list(file.parent.iterdir())


def test_what_belongs_to_the_quarantine_itself_stays(home: Path, file: Path) -> None:
    take(home, file)
    (entry,) = (home / "quarantine").iterdir()
    for path in (entry, home / "quarantine.key"):
        with pytest.raises(Refused, match="belongs to clearward"):
            add(home, path)
        assert path.exists()


def test_a_file_that_cannot_be_read_to_the_end_stays(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.pread

    def failing(descriptor: int, size: int, offset: int) -> bytes:
        if os.path.samestat(os.fstat(descriptor), file.stat()):
            raise OSError(5, "Input/output error")
        return real(descriptor, size, offset)

    with monkeypatch.context() as context:
        context.setattr(os, "pread", failing)
        with pytest.raises(Unavailable, match="Input/output error; it stays"):
            add(home, file)
    assert file.read_bytes() == CONTENT
    assert left(home) == set()


def test_a_file_of_which_not_all_was_read_stays(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though nothing about it says that it was changed."""
    real = os.pread

    def short(descriptor: int, size: int, offset: int) -> bytes:
        read = real(descriptor, size, offset)
        if os.path.samestat(os.fstat(descriptor), file.stat()):
            return read[: 100 - offset] if offset < 100 else b""
        return read

    with monkeypatch.context() as context:
        context.setattr(os, "pread", short)
        with pytest.raises(Refused, match="was cut meanwhile"):
            add(home, file)
    assert file.read_bytes() == CONTENT
    assert left(home) == set()
