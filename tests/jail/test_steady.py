"""Behaviour of what may be remembered: only where a change would show."""

import mmap
import os
import time
from collections.abc import Iterator
from fcntl import F_RDLCK, F_SETLEASE, fcntl
from pathlib import Path

import pytest
from support.forked import as_ordinary_user, forked
from typing_extensions import override

from clearward.jail import steady
from clearward.jail.broker import OpenFile, open_file
from clearward.jail.mounts import Mounts
from clearward.jail.steady import COARSE, DIRTY, FINE, is_steady


class Every(Mounts):
    """Trusts every file system."""

    @override
    def trusts(self, device: int, descriptor: int | None = None) -> bool:
        del device, descriptor
        return True


class No(Mounts):
    """Trusts none."""

    @override
    def trusts(self, device: int, descriptor: int | None = None) -> bool:
        del device, descriptor
        return False


@pytest.fixture(name="file")
def fixture_file(tmp_path: Path) -> Iterator[OpenFile]:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    entry = open_file(os.fsencode(path), b"file", None, None)
    assert isinstance(entry, OpenFile)
    yield entry
    os.close(entry.descriptor)


def changed(file: OpenFile, when: int) -> None:
    """Let a file look as if it was changed at a time, nanoseconds."""
    kept = list(file.status)
    more = {"st_ctime_ns": when, "st_mtime_ns": when}
    file.status = os.stat_result(kept, more)


def test_a_file_that_was_changed_long_ago_is_steady(file: OpenFile) -> None:
    assert is_steady(file, file.status.st_ctime_ns + DIRTY, Every())


def test_a_file_that_was_changed_just_now_is_not(file: OpenFile) -> None:
    changed(file, 10**18 + 1)
    assert not is_steady(file, 10**18 + 1, Every())
    assert not is_steady(file, 10**18 + FINE, Every())
    assert is_steady(file, 10**18 + FINE + 1, Every())


def test_a_time_in_whole_seconds_has_coarse_steps(file: OpenFile) -> None:
    changed(file, 10**18)
    assert not is_steady(file, 10**18 + COARSE - 1, Every())
    assert is_steady(file, 10**18 + COARSE, Every())


def test_a_time_that_is_still_to_come_is_not_believed(file: OpenFile) -> None:
    changed(file, time.time_ns() + 10**12 + 1)
    assert not is_steady(file, time.time_ns(), Every())


def test_nothing_is_steady_where_the_file_system_does_not_tell(file: OpenFile) -> None:
    assert not is_steady(file, file.status.st_ctime_ns + DIRTY, No())


@pytest.mark.parametrize("flags", [os.O_WRONLY, os.O_RDWR, os.O_APPEND | os.O_WRONLY])
def test_a_file_that_somebody_has_open_for_writing_is_not(
    flags: int, file: OpenFile, tmp_path: Path
) -> None:
    before = file.status.st_ctime_ns + DIRTY
    writer = os.open(tmp_path / "file", flags)
    assert not is_steady(file, before, Every())
    os.close(writer)
    assert is_steady(file, before, Every())


def test_a_file_that_is_mapped_for_writing_is_not(
    file: OpenFile, tmp_path: Path
) -> None:
    before = file.status.st_ctime_ns + DIRTY
    writer = os.open(tmp_path / "file", os.O_RDWR)
    mapped = mmap.mmap(writer, 0)
    os.close(writer)
    mapped[0] = 1
    seen = os.fstat(file.descriptor).st_ctime_ns
    mapped[1] = 2
    assert os.fstat(file.descriptor).st_ctime_ns == seen  # nothing else would tell
    assert not is_steady(file, before, Every())
    mapped.close()
    assert is_steady(file, before, Every())


def test_readers_are_in_nobodys_way(file: OpenFile, tmp_path: Path) -> None:
    with open(tmp_path / "file", "rb"):
        assert is_steady(file, file.status.st_ctime_ns + DIRTY, Every())
    with open(tmp_path / "file", "wb", opener=_at_once):  # no lease is left behind
        pass


def test_who_opens_it_for_writing_meanwhile_does_not_kill_us(
    file: OpenFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(descriptor: int, command: int, argument: int) -> int:
        answer = fcntl(descriptor, command, argument)
        if (command, argument) == (F_SETLEASE, F_RDLCK):
            with pytest.raises(BlockingIOError):
                os.open(tmp_path / "file", os.O_WRONLY | os.O_NONBLOCK)
        return answer

    monkeypatch.setattr(steady, "fcntl", interrupted)
    before = file.status.st_ctime_ns + DIRTY
    assert forked(lambda: is_steady(file, before, Every())) is True


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def test_of_files_of_others_only_old_ones_are(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root has files that belong to somebody else")
    path = tmp_path / "file"
    path.write_bytes(b"content")
    descriptor = os.open(path, os.O_RDONLY)
    status = os.fstat(descriptor)
    file = OpenFile(b"file", descriptor, status.st_size, status)
    changed_at = status.st_ctime_ns

    def judge() -> list[bool]:
        ages = (DIRTY, DIRTY + 1)
        return [is_steady(file, changed_at + age, Every()) for age in ages]

    assert as_ordinary_user(judge) == [False, True]
    os.close(descriptor)
