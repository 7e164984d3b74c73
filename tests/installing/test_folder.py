"""Behaviour of a repository in a folder."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.installing.carrier import Missing, TooLong
from clearward.installing.folder import FolderCarrier


def read(folder: Path, name: str, most: int = 100) -> bytes:
    with closing(FolderCarrier(str(folder))) as carrier:
        return carrier.read(name, most)


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "checkpoint").write_bytes(b"abc")
    assert read(tmp_path, "log/checkpoint") == b"abc"
    assert read(tmp_path, "log/checkpoint", 3) == b"abc"
    with pytest.raises(TooLong):
        read(tmp_path, "log/checkpoint", 2)


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    for name in ("checkpoint", "log/checkpoint"):
        with pytest.raises(Missing) as caught:
            read(tmp_path, name)
        assert caught.value.status == 404
    with pytest.raises(Unavailable):
        read(tmp_path / "nowhere", "checkpoint")


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (folder := tmp_path / "folder").mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "way").symlink_to(tmp_path)
    for name in ("link", "way/secret", "../secret"):
        with pytest.raises(ClearwardError):
            read(folder, name)


def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(Refused):
            read(tmp_path, name)


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "checkpoint").write_bytes(b"abc")
    before = len(os.listdir("/proc/self/fd"))
    for name in ("log/checkpoint", "log/nothing", "nothing/nothing", "log"):
        with pytest.raises(ClearwardError):
            read(tmp_path, name, 2)
    assert len(os.listdir("/proc/self/fd")) == before
