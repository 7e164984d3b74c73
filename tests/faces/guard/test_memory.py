"""What the gate remembers, and when it does not."""

import mmap
import os
import time
from pathlib import Path

import pytest

from clearward.faces.guard.memory import (
    File,
    Known,
    Memory,
    State,
    has_no_writer,
    identify,
    is_settled,
)

FILE = File(1, 2)
STATE = State(10, 20, 30)
SECOND = 1_000_000_000


def test_a_file_is_known_in_the_state_it_was_judged_in() -> None:
    memory = Memory(10)
    assert memory.recall(FILE, STATE) is None
    memory.keep(FILE, STATE, Known.CLEAN)
    assert memory.recall(FILE, STATE) is Known.CLEAN
    for other in (State(11, 20, 30), State(10, 21, 30), State(10, 20, 31)):
        assert memory.recall(FILE, other) is None
    assert memory.recall(File(1, 3), STATE) is None
    assert memory.recall(File(2, 2), STATE) is None


def test_what_was_written_is_forgotten_and_so_is_everything_on_request() -> None:
    memory = Memory(10)
    memory.keep(FILE, STATE, Known.CLEAN)
    memory.written(FILE)
    memory.written(FILE)
    assert memory.recall(FILE, STATE) is None
    memory.keep(FILE, STATE, Known.FOUND)
    memory.forget()
    assert memory.recall(FILE, STATE) is None


def test_memory_is_bounded_and_forgets_what_was_judged_first() -> None:
    memory = Memory(3)
    for number in range(5):
        memory.keep(File(1, number), STATE, Known.CLEAN)
    assert len(memory) == 3
    assert memory.recall(File(1, 1), STATE) is None
    assert memory.recall(File(1, 2), STATE) is Known.CLEAN
    memory.keep(File(1, 2), STATE, Known.FOUND)  # now the last one
    memory.keep(File(1, 5), STATE, Known.CLEAN)
    assert memory.recall(File(1, 2), STATE) is Known.FOUND
    assert memory.recall(File(1, 3), STATE) is None


def test_whoever_may_write_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(4096))
    opened = os.open(path, os.O_RDONLY)
    try:
        if not has_no_writer(opened):
            pytest.skip("no leases here")
        with path.open("r+b") as file:
            assert not has_no_writer(opened)
            memory = mmap.mmap(file.fileno(), 4096)
        assert not has_no_writer(opened)  # closed, but mapped
        memory.close()
        assert has_no_writer(opened)
    finally:
        os.close(opened)


def test_a_brand_new_state_is_not_settled(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    opened = os.open(path, os.O_RDONLY)
    try:
        if not has_no_writer(opened):
            pytest.skip("no leases here")
        _, state = identify(os.fstat(opened))
        changed = state.status_changed
        assert not is_settled(opened, state, changed)
        assert not is_settled(opened, state, changed - SECOND)  # a clock set back
        assert is_settled(opened, state, changed + SECOND)
        coarse = State(1, 7 * SECOND, 7 * SECOND)
        assert not is_settled(opened, coarse, 9 * SECOND)
        assert is_settled(opened, coarse, 11 * SECOND)
    finally:
        os.close(opened)


def test_a_change_with_a_restored_time_is_another_state(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    before = path.stat()
    time.sleep(0.02)
    path.write_bytes(b"y")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert identify(path.stat())[0] == identify(before)[0]
    assert identify(path.stat())[1] != identify(before)[1]
