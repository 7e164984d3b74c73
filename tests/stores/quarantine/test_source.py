"""Behaviour of sources: the very file that was meant, or none."""

import os
import socket
import subprocess
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.forked import as_ordinary_user, forked, mount, needs_own_mounts, own_mounts

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.jail import kernel
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.place import place
from clearward.stores.quarantine.source import source


def taken(path: Path, identity: Identity | None = None) -> bytes:
    with place(bytes(path)) as where, source(where, identity) as (opened, status):
        assert os.path.samestat(status, path.stat())
        return os.pread(opened, 1 << 20, 0)


def said(path: Path) -> str:
    """What is said of a file that is not taken."""
    try:
        taken(path)
    except ClearwardError as error:
        return str(error)
    return ""


def test_the_file_that_was_scanned_is_given(file: Path) -> None:
    assert taken(file, Identity.of(file.stat())) == file.read_bytes()
    assert taken(file) == file.read_bytes()


def test_one_that_changed_since_is_refused(file: Path) -> None:
    before = descriptors()
    identity = Identity.of(file.stat())
    file.chmod(0o600 if file.stat().st_mode & 0o77 else 0o644)
    with pytest.raises(Refused, match="no longer the file that was scanned"):
        taken(file, identity)
    assert descriptors() == before


@pytest.mark.parametrize("kind", ["folder", "link", "fifo", "socket", "device"])
def test_what_is_no_regular_file_is_refused(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "odd"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("/etc/passwd")
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        monkeypatch.chdir(folder)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("odd")
    else:
        path = Path("/dev/null")
    with (
        pytest.raises(Refused, match="is no regular file"),
        place(bytes(path)) as where,
        source(where, None),
    ):
        pass


def test_one_that_is_gone_is_told(folder: Path) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        taken(folder / "gone")


def test_one_that_may_not_be_read_is_told(everybodys: Path) -> None:
    path = everybodys / "bad"
    path.touch()
    path.chmod(0)
    assert "cannot be read: Permission denied" in as_ordinary_user(lambda: said(path))


def test_a_folder_that_may_not_be_changed_is_told_early(everybodys: Path) -> None:
    path = everybodys / "below" / "bad"
    path.parent.mkdir()
    path.touch()
    path.parent.chmod(0o555)
    assert "its folder cannot be changed" in as_ordinary_user(lambda: said(path))


@pytest.mark.parametrize(("flag", "kind"), [("i", "immutable"), ("a", "append-only")])
def test_a_file_that_may_not_be_moved_is_refused(
    file: Path, flag: str, kind: str
) -> None:
    command = ["chattr", f"+{flag}", str(file)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs root and a file system with such flags")
    try:
        with pytest.raises(Refused, match=f"is {kind}"):
            taken(file)
    finally:
        subprocess.run(["chattr", f"-{flag}", str(file)], check=True)


def test_a_read_only_file_system_is_told(folder: Path) -> None:
    needs_own_mounts()

    def told() -> str:
        own_mounts()
        mount(b"tmpfs", bytes(folder))
        (folder / "bad").touch()
        number = kernel.numbers()["mount"]
        read_only = 0x20 | 1  # MS_REMOUNT | MS_RDONLY
        kernel.call(number, b"none", bytes(folder), b"tmpfs", read_only, 0)
        return said(folder / "bad")

    assert "read-only" in forked(told)
