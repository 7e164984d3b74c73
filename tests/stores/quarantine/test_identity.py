"""Behaviour of identities: a file that was touched is another one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clearward.stores.quarantine.identity import Identity


def identity(path: Path) -> Identity:
    return Identity.of(path.stat())


def write(path: Path) -> None:
    path.write_bytes(b"else, and longer")


def rewrite_in_secret(path: Path) -> None:
    before = path.stat()
    path.write_bytes(b"x" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def change_mode(path: Path) -> None:
    path.chmod(0o711)


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.rename(path)


@pytest.mark.parametrize("change", [write, rewrite_in_secret, change_mode, replace])
def test_a_changed_file_is_another_one(
    file: Path, change: Callable[[Path], None]
) -> None:
    before = identity(file)
    assert identity(file) == before
    change(file)
    assert identity(file) != before


def test_a_renamed_file_still_has_its_content(file: Path) -> None:
    before = identity(file)
    moved = file.rename(file.with_name("moved"))
    assert before.has_content(moved.stat())
    write(moved)
    assert before.is_file(moved.stat())
    assert not before.has_content(moved.stat())


def test_a_file_of_the_same_content_is_another_one(file: Path) -> None:
    before = identity(file)
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    os.utime(other, ns=(0, before.modified))
    assert not before.has_content(other.stat())
