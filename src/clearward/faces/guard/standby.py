"""The standby of a gate: a fork of it that only watches, and follows it.

If a gate dies, the events that it had taken are still unanswered, and whoever opened
the files waits. The standby has the same group and the same board, so it knows them.
A gate that stands still is killed first, so that there is never more than one: answers
are told apart by descriptor numbers, and two readers would give the same number twice.
"""

import os
import select
import signal
import sys
from contextlib import suppress

from clearward.faces.guard.board import Board, Number

LEAST_PATIENCE = 0.25  # seconds: a busy machine may not run a process for that long
_DYING = 1.0  # seconds


def patience(deadline: float) -> float:
    """Seconds without a sign of life after which a gate is killed."""
    return max(deadline / 2, LEAST_PATIENCE)


def stand_by(board: Board, gate: int, deadline: float) -> None:
    """Watch a gate; return when it is gone and has to be followed.

    Args:
        board: shared with it.
        gate: its pidfd.
        deadline: seconds within which whoever waits must be answered.

    Raises:
        SystemExit: it ended on purpose, so its standby does.
    """
    most = patience(deadline)
    poller = select.poll()
    poller.register(gate, select.POLLIN)
    while not poller.poll(most / 4 * 1000):
        if board.silence(Number.GATE_BEAT) > most:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(gate, signal.SIGKILL)
            # Even one that cannot die now runs none of its own instructions any more.
            poller.poll(_DYING * 1000)
            break
    if board.numbers[Number.ENDING]:
        sys.exit(0)
    board.count(Number.FOLLOWED)


def keep_only(*descriptors: int) -> None:
    """Close every other descriptor from 3 on: the files that the gate has in hand."""
    kept = {*descriptors, 0, 1, 2}
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            with suppress(OSError):  # the one of the listing itself
                os.close(int(name))
