"""Behaviour of moving: nothing ever takes the place of another file."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearward.jail import kernel
from clearward.stores.quarantine.moving import move, name_unnamed


@pytest.fixture(params=["renameat2", "without renameat2"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs with the call of the kernel and without it."""
    if request.param == "renameat2":
        return

    def call(*_: object) -> int:
        raise OSError(errno.EINVAL, "this file system cannot")

    monkeypatch.setattr(kernel, "call", call)


@pytest.fixture(name="opened")
def fixture_opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_PATH)
    yield descriptor
    os.close(descriptor)


def test_a_file_gets_another_name(opened: int, file: Path) -> None:
    before = file.stat()
    move(opened, b"bad", b"other")
    assert os.listdir(file.parent) == ["other"]
    assert os.path.samestat((file.parent / "other").stat(), before)


def test_another_file_stays(opened: int, file: Path) -> None:
    other = file.parent / "other"
    other.write_bytes(b"other")
    with pytest.raises(FileExistsError):
        move(opened, b"bad", b"other")
    assert other.read_bytes() == b"other"
    assert file.exists()


def test_a_link_is_moved_itself(opened: int, file: Path) -> None:
    (file.parent / "link").symlink_to(file)
    move(opened, b"link", b"other")
    assert (file.parent / "other").is_symlink()


def test_what_is_gone_cannot_be_moved(opened: int) -> None:
    with pytest.raises(FileNotFoundError):
        move(opened, b"bad", b"other")


def test_an_unnamed_file_gets_a_name_that_is_free(opened: int, file: Path) -> None:
    made = os.open(file.parent, os.O_TMPFILE | os.O_RDWR, 0o600)
    os.write(made, b"made")
    with pytest.raises(FileExistsError):
        name_unnamed(made, opened, b"bad")
    name_unnamed(made, opened, b"made")
    os.close(made)
    assert (file.parent / "made").read_bytes() == b"made"
