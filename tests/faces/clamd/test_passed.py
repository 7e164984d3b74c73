"""Descriptors that clients pass."""

import os
import socket
from pathlib import Path

import pytest
from support.descriptors import descriptors

from clearward.core.reasons import Reason
from clearward.faces.clamd.passed import entry_of, receive
from clearward.jail.broker import OpenFile, Unopened


def opened(path: Path, flags: int = os.O_RDONLY) -> int:
    return os.open(path, flags)


@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_PATH])
def test_a_file_is_opened_again_for_reading_alone(tmp_path: Path, flags: int) -> None:
    before = descriptors()
    path = tmp_path / "file"
    path.write_bytes(b"content")
    entry = entry_of(opened(path, flags), b"fd", None)
    assert isinstance(entry, OpenFile)
    assert os.pread(entry.descriptor, 9, 0) == b"content"
    with pytest.raises(OSError, match="Bad file"):
        os.write(entry.descriptor, b"x")
    entry.close()
    assert descriptors() == before


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    before = descriptors()
    os.mkfifo(tmp_path / "fifo")
    for flags in (os.O_RDONLY | os.O_NONBLOCK, os.O_PATH):
        entry = entry_of(opened(tmp_path / "fifo", flags), b"fd", None)
        assert isinstance(entry, Unopened)
        assert entry.reason is Reason.NOT_REGULAR
        entry = entry_of(opened(tmp_path, flags), b"fd", None)
        assert entry == Unopened(b"fd", Reason.NOT_REGULAR, entry.size)
    assert descriptors() == before


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    entry = entry_of(opened(path), b"fd", 4)
    assert entry == Unopened(b"fd", Reason.SIZE_LIMIT, 5)


def test_what_is_closed_already_is_no_file() -> None:
    one = os.dup(0)
    os.close(one)
    with pytest.raises(OSError, match="Bad file"):
        entry_of(one, b"fd", None)


@pytest.mark.parametrize(("count", "kept"), [(0, 0), (1, 1), (2, 0), (3, 0), (60, 0)])
def test_one_descriptor_comes_with_a_packet_or_none(
    tmp_path: Path, count: int, kept: int
) -> None:
    here, there = socket.socketpair()
    passed = [opened(tmp_path) for _ in range(count)]
    with here, there:
        before = descriptors()
        socket.send_fds(there, [b"abc"], passed)
        size, descriptor = receive(here, memoryview(bytearray(10)))
        assert size == 3
        assert (descriptor >= 0) == bool(kept)
        assert len(descriptors() - before) == kept
        if kept:
            assert not os.get_inheritable(descriptor)
            os.close(descriptor)
        there.close()
        assert receive(here, memoryview(bytearray(10))) == (0, -1)
    for one in passed:
        os.close(one)
