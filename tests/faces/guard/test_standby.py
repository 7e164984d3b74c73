"""A standby follows who is gone or stands still, and nobody who ended on purpose."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.guarding import is_running

from clearward.faces.guard.board import Board, Number, new_board
from clearward.faces.guard.standby import LEAST_PATIENCE, patience, stand_by


@pytest.fixture(name="board")
def fixture_board() -> Iterator[Board]:
    descriptor = new_board()
    board = Board(descriptor)
    os.close(descriptor)
    yield board
    board.close()


@contextmanager
def somebody() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def test_who_stands_still_is_killed_and_followed_within_the_deadline(
    board: Board,
) -> None:
    deadline = 2.0
    with somebody() as gate:
        pidfd = os.pidfd_open(gate.pid)
        board.beat(Number.GATE_BEAT)
        begun = time.monotonic()
        stand_by(board, pidfd, deadline)
        took = time.monotonic() - begun
        assert patience(deadline) - 0.1 < took < deadline
        assert not is_running(gate.pid)
        os.close(pidfd)
    assert board.counts()["followed"] == 1


def test_who_has_died_is_followed_at_once(board: Board) -> None:
    with somebody() as gate:
        pidfd = os.pidfd_open(gate.pid)
        gate.kill()
        begun = time.monotonic()
        stand_by(board, pidfd, 60.0)
        assert time.monotonic() - begun < 5
        os.close(pidfd)


def test_who_ended_on_purpose_is_not_followed(board: Board) -> None:
    with somebody() as gate:
        pidfd = os.pidfd_open(gate.pid)
        board.numbers[Number.ENDING] = 1
        gate.kill()
        with pytest.raises(SystemExit):
            stand_by(board, pidfd, 60.0)
        os.close(pidfd)
    assert board.counts()["followed"] == 0


def test_patience_leaves_half_of_the_deadline_and_never_nothing() -> None:
    assert patience(5.0) == 2.5
    assert patience(0.5) == LEAST_PATIENCE == 0.25
