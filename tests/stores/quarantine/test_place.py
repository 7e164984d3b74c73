"""Behaviour of places: no link is followed on the way to one."""

import errno
import os
import stat
from pathlib import Path

import pytest
from support.descriptors import descriptors

from clearward.core.errors import Refused, Unavailable
from clearward.jail import kernel
from clearward.stores.quarantine.place import Place, place, straight


@pytest.fixture(params=["openat2", "without openat2"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs with the call of the kernel and without it."""
    if request.param == "openat2":
        return
    real = kernel.call
    number = kernel.numbers()["openat2"]

    def call(asked: int, *arguments: int | bytes) -> int:
        if asked == number:
            raise OSError(errno.ENOSYS, "no such call")
        return real(asked, *arguments)

    monkeypatch.setattr(kernel, "call", call)


def test_a_place_is_a_folder_and_a_name(file: Path) -> None:
    with place(bytes(file)) as where:
        assert (where.path, where.name) == (bytes(file), b"bad")
        assert os.path.sameopenfile(where.folder, os.open(file.parent, os.O_PATH))
        assert where.status() == file.stat()
        assert where.status(b"gone") is None
        where.sync()


def test_there_need_not_be_a_file(folder: Path) -> None:
    with place(bytes(folder / "gone")) as where:
        assert where.status() is None
        with pytest.raises(FileNotFoundError):
            where.open()


def test_its_descriptor_is_closed(file: Path) -> None:
    before = descriptors()
    with place(bytes(file)):
        assert len(descriptors()) == len(before) + 1
    assert descriptors() == before


@pytest.mark.parametrize("link", ["in the middle", "last folder", "magic"])
def test_a_link_on_the_way_is_refused(file: Path, link: str) -> None:
    before = descriptors()
    (file.parent / "below").mkdir()
    (file.parent / "link").symlink_to(file.parent)
    path = {
        "in the middle": file.parent / "link" / "below" / "bad",
        "last folder": file.parent / "link" / "bad",
        "magic": Path("/proc/self/cwd/bad"),
    }[link]
    with pytest.raises(Refused, match="a link is on the way"), place(bytes(path)):
        pass
    assert descriptors() == before


def test_a_link_in_the_last_place_is_looked_at_itself(file: Path) -> None:
    (file.parent / "link").symlink_to(file)
    with place(bytes(file.parent / "link")) as where:
        standing = where.status()
        assert standing is not None
        assert stat.S_ISLNK(standing.st_mode)
        with pytest.raises(OSError, match="symbolic links"):
            where.open()


@pytest.mark.parametrize("path", ["gone/bad", "bad/below"])
def test_a_folder_that_is_not_there_is_told(file: Path, path: str) -> None:
    with (
        pytest.raises(Unavailable, match="its folder cannot be opened"),
        place(bytes(file.parent / path)),
    ):
        pass


@pytest.mark.parametrize("path", [b"/", b"relative", b""])
def test_what_is_no_path_of_a_file_is_refused(path: bytes) -> None:
    with pytest.raises(Refused, match="no path of a file"), place(path):
        pass


def test_a_name_of_any_bytes_is_good(folder: Path) -> None:
    path = os.path.join(bytes(folder), b"\xff\n\x1b[31m")
    with place(path) as where:
        assert where.path == path


def test_reading_leaves_the_time_of_access_alone(file: Path) -> None:
    os.utime(file, ns=(1, 2))
    with place(bytes(file)) as where:
        opened = where.open()
        os.read(opened, 10)
        os.close(opened)
    assert file.stat().st_atime_ns == 1


def test_a_folder_that_cannot_be_synced_does_no_harm(file: Path) -> None:
    with place(bytes(file)) as where:
        os.stat(where.folder)
        Place(where.path, os.open("/proc/self", os.O_PATH), b"x").sync()


def test_straight_makes_a_path_absolute(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    assert straight(b"bad") == bytes(file)
    assert straight(b"./../files//bad") == bytes(file)
    assert straight(bytes(file)) == bytes(file)


def test_straight_refuses_links_and_says_what_is_meant(file: Path) -> None:
    (file.parent / "link").symlink_to(file.parent)
    (file.parent / "last").symlink_to(file)
    for path in (file.parent / "link" / "bad", file.parent / "last"):
        with pytest.raises(Refused, match=f"what is meant may be {file}"):
            straight(bytes(path))
