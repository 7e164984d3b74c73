"""An object on its way to the jail: in memory, then in a file without a name."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.limits import MIB
from clearward.service.body import SMALL, Body, NoRoom, Storage, TooLarge


@pytest.fixture(name="storage")
def fixture_storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path), room=8 * MIB)


def content(body: Body) -> bytes:
    entry = body.entry(b"stream")
    try:
        return os.pread(entry.descriptor, entry.size + 1, 0)
    finally:
        entry.close()


def in_memory(entry_descriptor: int) -> bool:
    return os.readlink(f"/proc/self/fd/{entry_descriptor}").startswith("/memfd:")


@given(pieces=st.lists(st.binary(max_size=1000), max_size=20))
def test_what_was_written_is_read_back(pieces: list[bytes]) -> None:
    with Body(Storage("/tmp"), 1 << 20) as body:  # noqa: S108 - nothing gets there
        for piece in pieces:
            body.write(piece)
        assert body.size == sum(map(len, pieces))
        assert content(body) == b"".join(pieces)


@given(pieces=st.lists(st.binary(max_size=40_000), max_size=4))
def test_the_digest_is_that_of_a_small_object(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    due = hashlib.sha256(whole).digest() if len(whole) <= SMALL else b""
    with Body(Storage("/tmp"), 1 << 20) as body:  # noqa: S108 - nothing gets there
        for piece in pieces:
            _ = body.digest  # one that is asked for too early is not kept
            body.write(piece)
        assert body.digest == due
        entry = body.entry(b"stream")
        assert entry.digest == due
        assert not entry.close()


def test_a_small_object_takes_no_descriptor_until_one_is_asked_for(
    storage: Storage,
) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with Body(storage, 1 << 20) as body:
        body.write(bytes(SMALL))
        assert len(os.listdir("/proc/self/fd")) == before
        assert storage.room == 8 * MIB - SMALL


def test_the_jail_gets_a_descriptor_that_cannot_write(storage: Storage) -> None:
    with Body(storage, 100) as body:
        body.write(b"x")
        entry = body.entry(b"stream")
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.pwrite(entry.descriptor, b"y", 0)
    assert not entry.close()


def test_a_large_object_moves_to_a_file_that_has_no_name(
    storage: Storage, tmp_path: Path
) -> None:
    with Body(storage, 1 << 30) as body:
        data = os.urandom(MIB)
        for _ in range(6):
            body.write(data)
        entry = body.entry(b"stream")
        assert not in_memory(entry.descriptor)
        assert os.pread(entry.descriptor, 7 * MIB, 0) == data * 6
        assert os.fstat(entry.descriptor).st_nlink == 0
        assert list(tmp_path.iterdir()) == []
        assert storage.room == 8 * MIB
        assert not entry.close()


def test_many_objects_share_the_memory_there_is(storage: Storage) -> None:
    bodies = [Body(storage, 1 << 30) for _ in range(4)]
    for body in bodies:
        body.write(bytes(3 * MIB))
    entries = [body.entry(b"stream") for body in bodies]
    assert [in_memory(one.descriptor) for one in entries] == [True, True, False, False]
    for entry, body in zip(entries, bodies, strict=True):
        entry.close()
        body.close()
    assert storage.room == 8 * MIB


def test_an_object_of_exactly_the_limit_is_taken(storage: Storage) -> None:
    with Body(storage, 10) as body:
        body.write(bytes(10))
        with pytest.raises(TooLarge):
            body.write(b"x")
        assert body.size == 10


def test_a_disk_without_room_is_said(tmp_path: Path) -> None:
    nowhere = Storage(str(tmp_path / "missing"), room=0)
    with Body(nowhere, 10) as body, pytest.raises(NoRoom):
        body.write(b"x")


def test_a_descriptor_that_cannot_be_had_is_said(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "memfd_create", full)
    with Body(storage, 10) as body, pytest.raises(NoRoom, match="Too many"):
        body.entry(b"stream")


def test_an_empty_object_is_an_empty_file(storage: Storage) -> None:
    with Body(storage, 0) as body:
        assert content(body) == b""


@pytest.fixture(name="nothing_stays")
def fixture_nothing_stays() -> Iterator[None]:
    before = len(os.listdir("/proc/self/fd"))
    yield
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.usefixtures("nothing_stays")
def test_a_body_that_is_forgotten_leaves_nothing_open(storage: Storage) -> None:
    body = Body(storage, 100)
    body.write(b"x")
    del body
    assert storage.room == 8 * MIB


def test_the_file_belongs_to_nobody_else(storage: Storage) -> None:
    storage.room = 0
    with Body(storage, 100) as body:
        body.write(b"x")
        entry = body.entry(b"stream")
        assert stat.S_IMODE(os.fstat(entry.descriptor).st_mode) == 0o600
        entry.close()
