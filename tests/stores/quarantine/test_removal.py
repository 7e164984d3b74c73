"""Behaviour of removal: the right file goes, every other one stays."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.stores.quarantine import removal
from clearward.stores.quarantine.damage import Stuck
from clearward.stores.quarantine.identity import Identity
from clearward.stores.quarantine.moving import move
from clearward.stores.quarantine.place import Place, place
from clearward.stores.quarantine.removal import aside, digest, put_back, remove

ID = "ab" * 16


@pytest.fixture(name="where")
def fixture_where(file: Path) -> Iterator[Place]:
    with place(bytes(file)) as where:
        yield where


@pytest.fixture(name="opened")
def fixture_opened(file: Path) -> Iterator[int]:
    descriptor = os.open(file, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def meant(opened: int) -> Identity:
    return Identity.of(os.fstat(opened))


def test_the_file_is_removed(where: Place, opened: int, file: Path) -> None:
    remove(where, opened, meant(opened), ID)
    assert not list(file.parent.iterdir())


def test_another_file_of_that_name_stays(where: Place, opened: int, file: Path) -> None:
    identity = meant(opened)
    file.rename(file.with_name("moved"))
    file.write_bytes(b"another")
    with pytest.raises(Refused):
        remove(where, opened, identity, ID)
    assert file.read_bytes() == b"another"


def test_another_file_is_not_even_moved(
    where: Place, opened: int, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or whoever opens it just then would not find it."""
    os.link(file, file.with_name("moved"))
    other = file.with_name("other")
    other.write_bytes(b"another")
    other.rename(file)
    identity = meant(opened)

    def move_away(*_: object) -> None:
        raise AssertionError("moved")

    monkeypatch.setattr(removal, "move", move_away)
    with pytest.raises(Refused, match="is another file by now"):
        remove(where, opened, identity, ID)


def test_one_that_was_written_to_stays(where: Place, opened: int, file: Path) -> None:
    identity = meant(opened)
    file.write_bytes(b"written")
    with pytest.raises(Refused, match="changed meanwhile"):
        remove(where, opened, identity, ID)
    assert file.read_bytes() == b"written"


def test_what_came_there_just_before_gets_its_name_back(
    where: Place, opened: int, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = move

    def swapped(folder: int, name: bytes, other: bytes) -> None:
        if name == b"bad":
            file.rename(file.with_name("moved"))
            file.write_bytes(b"another")
        real(folder, name, other)

    monkeypatch.setattr(removal, "move", swapped)
    with pytest.raises(Refused, match="another file by now"):
        remove(where, opened, meant(opened), ID)
    assert file.read_bytes() == b"another"
    assert sorted(os.listdir(file.parent)) == ["bad", "moved"]


def test_what_is_written_just_before_stays(
    where: Place, opened: int, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = move

    def written(folder: int, name: bytes, other: bytes) -> None:
        if name == b"bad":
            file.write_bytes(b"written")
        real(folder, name, other)

    monkeypatch.setattr(removal, "move", written)
    with pytest.raises(Refused, match="was changed"):
        remove(where, opened, meant(opened), ID)
    assert file.read_bytes() == b"written"


def test_one_that_cannot_be_removed_gets_its_name_back(
    where: Place, opened: int, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlink(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "unlink", unlink)
    with pytest.raises(Unavailable, match="cannot be removed"):
        remove(where, opened, meant(opened), ID)
    assert os.listdir(file.parent) == ["bad"]


def test_one_that_is_gone_is_told(where: Place, opened: int, file: Path) -> None:
    identity = meant(opened)
    os.link(file, file.with_name("other"))
    file.unlink()
    identity = meant(opened)
    with pytest.raises(Refused, match="no longer there"):
        remove(where, opened, identity, ID)


def test_a_name_that_is_taken_is_left_to_its_owner(where: Place, file: Path) -> None:
    secret = file.with_name(os.fsdecode(aside(ID)))
    secret.write_bytes(b"moved")
    with pytest.raises(Stuck, match="cannot be given its name back"):
        put_back(where, ID)
    assert secret.read_bytes() == b"moved"


def test_a_digest_is_that_of_all_bytes(opened: int, file: Path) -> None:
    assert digest(opened) == hashlib.sha256(file.read_bytes()).hexdigest()
    with file.open("r+b") as grown:
        grown.truncate(5 << 20)
    assert digest(opened) == hashlib.sha256(file.read_bytes()).hexdigest()
