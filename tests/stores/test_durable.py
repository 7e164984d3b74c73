"""What brings bytes and names to the disk."""

import os
from pathlib import Path

import pytest

from clearward.stores.durable import sync_folder, write_all


def test_a_write_that_is_cut_short_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:3]))
    opened = os.open(tmp_path / "f", os.O_WRONLY | os.O_CREAT)
    write_all(opened, b"ten bytes.")
    os.close(opened)
    assert (tmp_path / "f").read_bytes() == b"ten bytes."


def test_a_disk_without_room_is_an_error() -> None:
    opened = os.open("/dev/full", os.O_WRONLY)
    try:
        with pytest.raises(OSError, match="No space"):
            write_all(opened, b"x")
    finally:
        os.close(opened)


def test_only_a_folder_is_synced(tmp_path: Path) -> None:
    sync_folder(str(tmp_path))
    (tmp_path / "f").touch()
    with pytest.raises(NotADirectoryError):
        sync_folder(str(tmp_path / "f"))
