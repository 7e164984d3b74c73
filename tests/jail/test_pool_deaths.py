"""A worker that dies costs the file that killed it, and no other."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.pool import RULE_COUNT, SECONDS, Clock, ImpatientPoll, files, scan
from support.zygote import (
    Asked,
    ScriptedZygote,
    Worker,
    answers,
    dies_after,
    dies_at,
    good,
    honest,
    lane,
)

from clearward.core.verdict import Outcome
from clearward.jail.broker import Entry
from clearward.jail.control import OLDEST
from clearward.jail.pool import Pool
from clearward.jail.wire import BATCH, Job

pytestmark = pytest.mark.usefixtures("clock", "nothing_stays_open", "nothing_hangs")


@pytest.mark.parametrize("answered", [0, 1, 5, BATCH - 1, BATCH, BATCH + 3])
def test_a_worker_that_dies_costs_the_file_it_had_begun_and_no_other(
    answered: int, folder: Path
) -> None:
    run = scan(files(folder, 200), dies_after(answered), good)
    expected = ["clean"] * 200
    expected[answered] = "worker-died"
    assert run.said() == expected
    assert run.deaths() == {"SIGKILL": 1}
    assert run.light.forked == 2


@pytest.mark.parametrize("number", [0, 1, BATCH - 1, BATCH, BATCH + 3, 199])
def test_a_file_that_kills_before_the_worker_says_anything_is_found_out(
    number: int, folder: Path
) -> None:
    """Answers to clean files may be on their way, so the first death blames nobody."""
    run = scan(files(folder, 200), dies_at(b"%05d" % number))
    expected = ["clean"] * 200
    expected[number] = "worker-died"
    assert run.said() == expected
    assert run.deaths() == {"SIGKILL": 1}
    assert run.light.forked <= 3


def test_a_worker_that_died_of_old_age_costs_no_file(
    folder: Path, clock: Clock
) -> None:
    """While the broker was stopped; it reads what the worker had said before."""

    def old(worker: Worker) -> None:
        asked = next(worker.asked())
        worker.begins(asked)
        clock.advance(2 * OLDEST)

    run = scan(files(folder, 99), old, good, seconds=9 * OLDEST)
    assert run.said() == ["clean"] * 99
    assert run.light.forked == 2


def test_a_death_that_no_file_repeats_costs_no_file(folder: Path) -> None:
    run = scan(files(folder, 200), dies_after(7, begun=False), good)
    assert run.said() == ["clean"] * 200
    assert run.light.forked == 2


def test_after_a_death_that_blames_nobody_each_file_is_answered_by_itself(
    folder: Path,
) -> None:
    singly = []

    def note(asked: Asked) -> bytes:
        singly.append(asked.singly)
        return honest(asked)

    scan(files(folder, 50), dies_after(0, begun=False), answers(note))
    assert singly == [True] * 50


def test_files_that_all_kill_are_all_found_out(folder: Path) -> None:
    run = scan(files(folder, 30), dies_after(0, begun=False))
    assert run.said() == ["worker-died"] * 30


@pytest.mark.parametrize(
    ("status", "death"),
    [
        (signal.SIGSEGV, "SIGSEGV"),
        (signal.SIGSYS | 0x80, "SIGSYS"),
        (70 << 8, "exit 70"),
        (0, "exit 0"),
    ],
)
def test_how_a_worker_ended_is_told(status: int, death: str, folder: Path) -> None:
    run = scan(files(folder, 2), dies_after(0), good, status=status)
    assert run.deaths() == {death: 1}


@pytest.mark.parametrize("number", [35, 40, 63])
def test_a_death_by_a_signal_without_a_name_is_told_too(
    number: int, folder: Path
) -> None:
    """A worker may send any signal to itself."""
    run = scan(files(folder, 2), dies_after(0), good, status=number)
    assert run.said() == ["worker-died", "clean"]
    assert str(number) in next(iter(run.deaths()))


def test_a_worker_that_died_while_idle_costs_no_file(folder: Path) -> None:
    """It never got the files, so none of them can be to blame."""
    enough = threading.Event()

    def ends_when_told(worker: Worker) -> None:
        for index, asked in enumerate(worker.asked()):
            worker.answer(asked)
            if index == 9:
                enough.wait(10)
                return

    light = ScriptedZygote(ends_when_told, good)
    pool = Pool((lane(light),), RULE_COUNT, jobs=1, job=Job.SCAN, seconds=SECONDS)
    first = list(pool.scan(files(folder, 10)))
    enough.set()
    light.join(1)
    second = list(pool.scan(files(folder, 10)))
    pool.close()
    light.close()
    outcomes = [one.verdict.outcome for one in (*first, *second)]
    assert outcomes == [Outcome.CLEAN] * 20


def test_what_a_dead_worker_had_answered_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if it left a request unread, which the kernel tells before the answers."""
    waited_for = threading.Event()

    def answers_one_batch_and_ends(worker: Worker) -> None:
        for index, asked in enumerate(worker.asked()):
            worker.answer(asked, rule=1)
            if index == BATCH - 1:
                waited_for.wait(10)
                return

    def let_it_end() -> None:
        """Both requests were sent by now, since the pool begins to wait."""
        waited_for.set()
        light.join(1)

    light = ScriptedZygote(answers_one_batch_and_ends, good)  # the others are clean
    monkeypatch.setattr(ImpatientPoll, "before", staticmethod(let_it_end))
    pool = Pool((lane(light),), RULE_COUNT, jobs=1, job=Job.SCAN, seconds=SECONDS)
    results = list(pool.scan(files(folder, 3 * BATCH)))
    pool.close()
    light.close()
    said = Counter(one.verdict.outcome for one in results)
    assert said == {Outcome.FOUND: BATCH, Outcome.CLEAN: 2 * BATCH}


def test_a_worker_that_died_in_its_first_batch_gets_no_second(folder: Path) -> None:
    """What it had answered counts, one file is lost, and nothing is sent in vain."""

    def waits_for_its_end() -> Iterator[Entry]:
        for number, entry in enumerate(files(folder, 5 * BATCH)):
            if number == BATCH:  # the first batch was sent, and nothing else
                light.join(1)
            yield entry

    light = ScriptedZygote(dies_after(3), good)
    pool = Pool((lane(light),), RULE_COUNT, jobs=1, job=Job.SCAN, seconds=SECONDS)
    results = list(pool.scan(waits_for_its_end()))
    pool.close()
    light.close()
    said = sorted(one.entry.path for one in results if one.verdict.reasons)
    assert [path[-5:] for path in said] == [b"00003"]
    assert len(results) == 5 * BATCH
