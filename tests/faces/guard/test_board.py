"""What is shared outlives whoever wrote it."""

import os
from collections.abc import Iterator

import pytest
from support.guard_kernel import Kernel

from clearward.faces.guard.board import SLOTS, Board, Number, new_board
from clearward.jail.fanotify import CLOSE_WRITE, EVENT_SIZE, OPEN_PERM, Event, events


@pytest.fixture(name="board")
def fixture_board() -> Iterator[Board]:
    descriptor = new_board()
    board = Board(descriptor)
    os.close(descriptor)
    yield board
    board.close()


def test_two_who_share_it_see_the_same() -> None:
    descriptor = new_board()
    first, second = Board(descriptor), Board(descriptor)
    os.close(descriptor)
    first.count(Number.ASKED)
    first.count(Number.ASKED)
    assert second.counts()["asked"] == 2
    first.beat(Number.GATE_BEAT)
    assert 0 <= second.silence(Number.GATE_BEAT) < 5
    assert second.silence(Number.DAEMON_BEAT) > 5
    first.keep(3, 17)
    assert list(second.outstanding()) == [17]
    first.close()
    second.close()


def test_events_that_were_taken_are_outstanding(board: Board, kernel: Kernel) -> None:
    kernel.send(Event(OPEN_PERM, 0, 1), Event(CLOSE_WRITE, 11, 1))
    batch, drained = board.read(kernel.group)
    assert drained
    assert [each.file for each in events(batch)] == [0, 11]
    assert list(board.outstanding()) == [0]
    assert list(board.outstanding()) == []


def test_a_batch_lasts_until_the_call_after_the_next(
    board: Board, kernel: Kernel
) -> None:
    kernel.send(Event(OPEN_PERM, 1, 1))
    board.read(kernel.group)
    kernel.send(Event(OPEN_PERM, 2, 1))
    board.read(kernel.group)
    assert sorted(board.outstanding()) == [1, 2]
    kernel.send(Event(OPEN_PERM, 3, 1))
    board.read(kernel.group)
    board.read(kernel.group)
    board.read(kernel.group)
    assert list(board.outstanding()) == []


def test_a_full_batch_is_not_all_there_is(board: Board, kernel: Kernel) -> None:
    kernel.send(*[Event(OPEN_PERM, number, 1) for number in range(70)])
    batch, drained = board.read(kernel.group)
    assert not drained
    assert len(list(events(batch))) == len(batch) // EVENT_SIZE == 64
    batch, drained = board.read(kernel.group)
    assert drained
    assert len(list(events(batch))) == 6


def test_every_slot_is_one_of_its_own(board: Board) -> None:
    for slot in range(SLOTS):
        board.keep(slot, slot)
    board.drop(5)
    assert list(board.outstanding()) == [n for n in range(SLOTS) if n != 5]
