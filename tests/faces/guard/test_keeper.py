"""The keeper against a kernel made of sockets; real ones: tests/promises."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.guard_kernel import Kernel, opened

from clearward.faces.guard.board import SLOTS, Board, new_board
from clearward.faces.guard.keeper import Keeper
from clearward.faces.guard.memory import Known, has_no_writer
from clearward.faces.guard.protocol import Answer, Ask, Settings
from clearward.jail.fanotify import CLOSE_WRITE, OPEN_PERM, Event

STRANGER = 1  # the first process: it is nobody's child here
DEADLINE = 60.0


class Bench:
    """A keeper, what it asked, and its kernel."""

    def __init__(self, kernel: Kernel, board: Board, *, allow: bool = True) -> None:
        self.kernel = kernel
        self.asked: list[Ask] = []
        self.hears = True
        settings = Settings(
            *(os.getpid(), "/nothing", DEADLINE, allow), allow_unscanned=False
        )
        self.keeper = Keeper(kernel.group, board, settings, self._ask)
        self.board = board

    def _ask(self, ask: Ask, _file: int) -> bool:
        self.asked.append(ask)
        return self.hears

    def event(self, path: Path, process: int = STRANGER) -> int:
        """Let somebody open a file; return the event's descriptor."""
        file = opened(path)
        self.kernel.send(Event(OPEN_PERM, file, process))
        self.keeper.take()
        return file

    def answer(self, known: Known, *, keep: bool = True) -> None:
        """Answer the last question."""
        self.keeper.answered(Answer(self.asked[-1].number, known, keep))


@pytest.fixture(name="board")
def fixture_board() -> Iterator[Board]:
    descriptor = new_board()
    board = Board(descriptor)
    os.close(descriptor)
    yield board
    board.close()


@pytest.fixture(name="bench")
def fixture_bench(kernel: Kernel, board: Board) -> Bench:
    return Bench(kernel, board)


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    time.sleep(0.15)  # so that its state is settled
    file = opened(path)
    leases = has_no_writer(file)
    os.close(file)
    if not leases:
        pytest.skip("no leases here")
    return path


@pytest.mark.parametrize(
    ("known", "allowed"),
    [(Known.CLEAN, True), (Known.FOUND, False), (Known.UNSCANNED, False)],
)
def test_an_answer_reaches_who_waits_and_is_remembered(
    bench: Bench, path: Path, known: Known, *, allowed: bool
) -> None:
    file = bench.event(path)
    assert bench.kernel.answers() == []
    bench.answer(known)
    assert bench.kernel.answers() == [(file, allowed)]
    file = bench.event(path)
    assert bench.kernel.answers() == [(file, allowed)]
    assert len(bench.asked) == 1


def test_what_may_not_be_kept_is_asked_about_again(bench: Bench, path: Path) -> None:
    bench.event(path)
    bench.answer(Known.UNSCANNED, keep=False)
    bench.event(path)
    assert len(bench.asked) == 2


def test_what_somebody_writes_is_not_remembered(bench: Bench, path: Path) -> None:
    with path.open("r+b"):
        bench.event(path)
    assert not bench.asked[-1].settled
    bench.answer(Known.CLEAN)
    bench.event(path)
    assert len(bench.asked) == 2
    assert bench.asked[-1].settled


@pytest.mark.parametrize("when", ["while it was judged", "afterwards"])
def test_what_was_written_is_not_remembered(
    bench: Bench, path: Path, when: str
) -> None:
    bench.event(path)
    if when == "afterwards":
        bench.answer(Known.CLEAN)
    bench.kernel.send(Event(CLOSE_WRITE, opened(path), STRANGER))
    bench.keeper.take()
    if when != "afterwards":
        bench.answer(Known.CLEAN)
    bench.event(path)
    assert len(bench.asked) == 2


def test_a_write_that_stands_behind_an_open_in_the_queue_counts(
    bench: Bench, path: Path
) -> None:
    bench.event(path)
    bench.answer(Known.CLEAN)
    bench.kernel.answers()
    bench.kernel.send(Event(OPEN_PERM, opened(path), STRANGER))
    bench.kernel.send(Event(CLOSE_WRITE, opened(path), STRANGER))
    bench.keeper.take()
    assert bench.kernel.answers() == []
    assert len(bench.asked) == 2


def test_other_rules_forget_also_what_is_being_judged(bench: Bench, path: Path) -> None:
    bench.event(path)
    bench.keeper.forget()
    bench.answer(Known.CLEAN)
    bench.event(path)
    assert len(bench.asked) == 2


def test_own_processes_and_empty_files_and_folders_do_not_wait(
    bench: Bench, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").touch()
    files = [
        bench.event(path, os.getpid()),
        bench.event(tmp_path / "empty"),
        bench.event(tmp_path),
    ]
    assert bench.kernel.answers() == [(file, True) for file in files]
    assert bench.asked == []


@pytest.mark.parametrize("allow", [True, False])
def test_at_the_deadline_the_policy_answers_and_a_later_answer_is_remembered(
    kernel: Kernel,
    board: Board,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    allow: bool,
) -> None:
    bench = Bench(kernel, board, allow=allow)
    file = bench.event(path)
    assert bench.keeper.late() == []
    later = time.monotonic() + DEADLINE + 1
    monkeypatch.setattr("clearward.faces.guard.keeper.monotonic", lambda: later)
    assert bench.keeper.late() == [bench.asked[0].number]
    assert kernel.answers() == [(file, allow)]
    assert board.counts()["late"] == 1
    bench.answer(Known.FOUND)
    assert kernel.answers() == []
    file = bench.event(path)
    assert kernel.answers() == [(file, False)]


@pytest.mark.parametrize("why", ["nobody hears", "it cannot be sent", "too many wait"])
def test_who_cannot_be_asked_about_is_answered_at_once(
    kernel: Kernel, board: Board, path: Path, why: str
) -> None:
    bench = Bench(kernel, board, allow=False)
    bench.keeper.unheard = why == "nobody hears"
    bench.hears = why != "it cannot be sent"
    waiting: list[int] = []
    if why == "too many wait":
        waiting = [bench.event(path) for _ in range(SLOTS)]
        assert len(bench.asked) == SLOTS
        assert kernel.answers() == []
    file = bench.event(path)
    assert kernel.answers() == [(file, False)]
    assert board.counts()["unasked"] == 1
    if why == "too many wait":
        bench.keeper.release()
        assert sorted(kernel.answers()) == sorted((each, False) for each in waiting)


def test_who_follows_answers_what_was_left(
    kernel: Kernel, board: Board, path: Path
) -> None:
    first = Bench(kernel, board, allow=False)
    waiting = {first.event(path) for _ in range(3)}
    Bench(kernel, board, allow=False).keeper.begin_again()
    assert {(file, False) for file in waiting} <= set(kernel.answers())


def test_nothing_stays_open(bench: Bench, path: Path) -> None:
    bench.event(path)
    bench.answer(Known.CLEAN)
    before = os.listdir("/proc/self/fd")
    for known in (Known.CLEAN, Known.FOUND, Known.UNSCANNED):
        bench.event(path)
        bench.keeper.forget()
        bench.event(path)
        bench.answer(known)
    assert os.listdir("/proc/self/fd") == before


def test_a_new_start_of_a_daemon_that_ended_is_let_through(
    kernel: Kernel, board: Board, path: Path
) -> None:
    bench = Bench(kernel, board, allow=False)
    bench.keeper.alone = bench.keeper.unheard = True
    file = bench.event(path, STRANGER)  # what the first process opens
    assert kernel.answers() == [(file, True)]
    file = bench.event(path, os.getppid())
    assert kernel.answers() == [(file, False)]
