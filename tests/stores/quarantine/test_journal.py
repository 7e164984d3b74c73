"""Behaviour of journals: what was finished is read again."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.journal import Journal
from clearward.stores.quarantine.sealing import derived, seal_once

KEY = b"k" * 32
ID = "ab" * 16
JOURNAL = Journal(b"/a/\xff", b".secret", 5, 2**63)


def written(path: Path, journal: Journal = JOURNAL) -> bytes:
    with path.open("wb", buffering=0) as file:
        journal.write(file.fileno(), KEY, ID)
    return path.read_bytes()


def read(path: Path, identifier: str = ID) -> Journal:
    with path.open("rb") as file:
        return Journal.read(file.fileno(), KEY, identifier)


def test_a_journal_comes_back(tmp_path: Path) -> None:
    written(tmp_path / "a")
    assert read(tmp_path / "a") == JOURNAL


def test_it_knows_the_new_file(tmp_path: Path) -> None:
    status = tmp_path.stat()
    assert Journal(b"/a", b"", status.st_dev, status.st_ino).is_file(status)
    assert not Journal(b"/a", b"", status.st_dev, status.st_ino + 1).is_file(status)
    assert not Journal(b"/a", b"", status.st_dev + 1, status.st_ino).is_file(status)


def test_one_that_was_cut_or_changed_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a"
    whole = written(path)
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(Damaged):
            read(path)
    path.write_bytes(whole[:-1] + bytes((whole[-1] ^ 1,)))
    with pytest.raises(Damaged):
        read(path)


def test_one_of_another_entry_is_damaged(tmp_path: Path) -> None:
    written(tmp_path / "a")
    with pytest.raises(Damaged):
        read(tmp_path / "a", "cd" * 16)


@given(st.binary(max_size=100))
def test_arbitrary_content_is_damaged(content: bytes) -> None:
    salt = b"s" * 32
    sealed = salt + seal_once(derived(KEY, salt, b"journal"), content, ID.encode())
    reader = os.memfd_create("journal")
    os.write(reader, sealed)
    with pytest.raises(Damaged):
        Journal.read(reader, KEY, ID)
    os.close(reader)
