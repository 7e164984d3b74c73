"""Tests of clearward.faces.http.folders."""

import os
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.faces.http.answers import Rejected
from clearward.faces.http.folders import Folders
from clearward.jail.broker import OpenFile

LARGE = 1 << 20


def content(folders: Folders, path: str | Path) -> bytes:
    entry = folders.open(os.fsencode(path), LARGE)
    assert isinstance(entry, OpenFile)
    read = os.pread(entry.descriptor, LARGE, 0)
    entry.close()
    return read


def status(folders: Folders, path: str | Path) -> int:
    with pytest.raises(Rejected) as caught:
        folders.open(os.fsencode(path), LARGE)
    return caught.value.status


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    (tmp_path / "inside/deep/er").mkdir(parents=True)
    (tmp_path / "inside/deep/er/file").write_bytes(b"inside")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_bytes(b"outside")
    (tmp_path / "inside-not/").mkdir()
    (tmp_path / "inside-not/file").write_bytes(b"outside")
    return tmp_path / "inside"


def test_files_below_a_folder_are_opened(inside: Path) -> None:
    folders = Folders((str(inside),))
    assert content(folders, inside / "deep/er/file") == b"inside"
    assert content(folders, f"{inside}//deep/./er/file") == b"inside"


def test_a_folder_that_is_a_link_may_be_named_either_way(inside: Path) -> None:
    link = inside.parent / "link"
    link.symlink_to(inside)
    folders = Folders((f"{link}/",))
    assert content(folders, link / "deep/er/file") == b"inside"
    assert content(folders, inside / "deep/er/file") == b"inside"


@pytest.mark.parametrize(
    "name",
    [
        "../outside/file",
        "deep/../../outside/file",
        "../inside/deep/er/file",
        "../inside-not/file",
        "/etc/passwd",
        "",
        "deep",
        "deep/er/file/x",
        "x" * 5000,
        "a\0b",
    ],
)
def test_anything_else_is_refused(inside: Path, name: str) -> None:
    assert status(Folders((str(inside),)), f"{inside}/{name}") in (403, 404)


def test_a_relative_path_is_refused(inside: Path) -> None:
    assert status(Folders((str(inside),)), "deep/er/file") == 403


def test_no_link_is_followed(inside: Path) -> None:
    (inside / "to-file").symlink_to(inside.parent / "outside/file")
    (inside / "to-folder").symlink_to(inside.parent / "outside")
    (inside / "within").symlink_to("deep")
    folders = Folders((str(inside),))
    for name in ("to-file", "to-folder/file", "within/er/file"):
        assert status(folders, inside / name) == 403


def test_what_is_not_there_is_told_from_what_may_not_be_read(inside: Path) -> None:
    folders = Folders((str(inside),))
    assert status(folders, inside / "deep/missing") == 404
    assert status(folders, inside / "missing/file") == 404
    os.mkfifo(inside / "fifo")
    assert status(folders, inside / "fifo") == 403
    (inside / "large").write_bytes(bytes(LARGE + 1))
    assert status(folders, inside / "large") == 413


def test_nothing_stays_open(inside: Path) -> None:
    before = os.listdir("/proc/self/fd")
    folders = Folders((str(inside),))
    assert content(folders, inside / "deep/er/file")
    assert status(folders, inside / "deep/er/missing") == 404
    assert status(folders, inside / "deep/missing/file") == 404
    assert os.listdir("/proc/self/fd") == before


def test_without_a_folder_everything_is_refused() -> None:
    assert status(Folders(()), "/etc/passwd") == 403


def test_a_folder_that_is_none_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for name in ("file", "missing"):
        with pytest.raises(Refused, match="takes a folder"):
            Folders((str(tmp_path / name),))
