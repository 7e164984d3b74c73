"""Every file that goes into the pool comes out exactly once, whatever workers do."""

import os
import select
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.alarm import no_longer_than
from support.zygote import (
    Asked,
    Script,
    ScriptedZygote,
    Worker,
    answers,
    dies_after,
    good,
    honest,
    lane,
    says,
)

from clearward.core.reasons import Reason, words
from clearward.core.verdict import Outcome
from clearward.jail import pool as pool_module
from clearward.jail.broker import Entry, Unopened, open_file
from clearward.jail.pool import Pool, Scanned
from clearward.jail.wire import BATCH, Code, Job, encode_answer

RULE_COUNT = 5
SECONDS = 500.0  # time limit of a file


@dataclass(frozen=True, slots=True)
class Run:
    """What came out of a pool, and what it did.

    Attributes:
        results: in the order in which they came.
        light: the zygote of the first lane.
        heavy: that of the second.
    """

    results: list[Scanned]
    light: ScriptedZygote
    heavy: ScriptedZygote

    def said(self) -> list[str]:
        """Outcome or reasons of each file, in the order of the files' names."""
        by_name = sorted(self.results, key=lambda one: one.entry.path)
        return [
            ",".join(words(one.verdict.reasons)) or one.verdict.outcome.value
            for one in by_name
        ]

    def deaths(self) -> Counter[str]:
        """How many workers ended in which way, as far as a file was to blame."""
        return Counter(one.death for one in self.results if one.death)


@pytest.fixture(name="folder", scope="module")
def fixture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def fixture_nothing_stays_open() -> Iterator[None]:
    before = descriptors()
    yield
    assert descriptors() == before


class Clock:
    """A clock that can be made to jump, so that no test has to wait."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        """The time, as `time.monotonic` would give it."""
        return time.monotonic() + self._ahead

    def jump(self) -> None:
        """Let every deadline pass that runs now."""
        self._ahead += 10 * SECONDS

    def hangs(self, worker: Worker) -> None:
        """A worker that never answers, and meanwhile its time is over."""
        for index, _ in enumerate(worker.asked()):
            if index == 0:
                self.jump()


class ImpatientPoll:
    """Looks at the clock more often than the real one.

    Attributes:
        before: called each time before the pool waits.
    """

    before: Callable[[], object] = staticmethod(lambda: None)

    def __init__(self) -> None:
        self._real = select.poll()
        self.register = self._real.register
        self.unregister = self._real.unregister

    def poll(self, milliseconds: float) -> list[tuple[int, int]]:
        """Wait a little and no more."""
        assert milliseconds < 2**31
        self.before()
        return self._real.poll(min(milliseconds, 10))


@pytest.fixture(name="clock", autouse=True)
def fixture_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pool_module, "time", clock)
    quick = SimpleNamespace(poll=ImpatientPoll, POLLIN=select.POLLIN)
    monkeypatch.setattr(pool_module, "select", quick)
    return clock


@pytest.fixture(autouse=True)
def fixture_nothing_hangs() -> Iterator[None]:
    with no_longer_than(60):
        yield


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def files(folder: Path, count: int) -> Iterator[Entry]:
    """Files that hold their own number; opened as they are asked for."""
    for number in range(count):
        path = folder / f"{number:05}"
        if not path.exists():
            path.write_text(path.name)
        yield open_file(os.fsencode(path), os.fsencode(path), None, None)


def scan(
    entries: Iterator[Entry],
    *scripts: Script,
    heavy: Sequence[Script] = (),
    jobs: int = 1,
    job: Job = Job.SCAN,
    seconds: float = SECONDS,
    status: int = signal.SIGKILL,
) -> Run:
    """Scan with scripted workers and check that every entry comes out once."""
    light = ScriptedZygote(*scripts, status=status)
    second = ScriptedZygote(*(heavy or (good,)), status=status)
    seen: list[bytes] = []

    def noted() -> Iterator[Entry]:
        for entry in entries:
            seen.append(entry.path)
            yield entry

    with ExitStack() as stack:
        stack.callback(second.close)
        stack.callback(light.close)
        lanes = (lane(light), lane(second)) if heavy else (lane(light),)
        pool = Pool(lanes, RULE_COUNT, jobs=jobs, job=job, seconds=seconds)
        stack.callback(pool.close)
        results = list(pool.scan(noted()))
    assert sorted(one.entry.path for one in results) == sorted(seen)
    for zygote in (light, second):
        assert len(zygote.reaped) == zygote.forked
    return Run(results, light, second)


@pytest.mark.parametrize("count", [0, 1, BATCH - 1, BATCH, BATCH + 1, 1000])
@pytest.mark.parametrize("jobs", [1, 3])
def test_good_workers_answer_every_file(count: int, jobs: int, folder: Path) -> None:
    run = scan(files(folder, count), good, jobs=jobs)
    assert run.said() == ["clean"] * count
    assert run.light.forked <= jobs


def test_every_file_gets_its_own_answer(folder: Path) -> None:
    def rule_of(asked: Asked) -> bytes:
        number = int(asked.content)
        return honest(asked, rule=number % 5 if number % 2 else None)

    run = scan(files(folder, 300), answers(rule_of), jobs=3)
    for one in run.results:
        number = int(one.entry.path[-5:])
        assert one.verdict.rules == ((number % 5,) if number % 2 else ())


@pytest.mark.parametrize("job", list(Job))
def test_every_job_is_passed_on_and_answered(job: Job, folder: Path) -> None:
    def note(asked: Asked) -> bytes:
        assert asked.job is job
        assert asked.size == 5
        return honest(asked, rule=2)

    run = scan(files(folder, 3), answers(note), job=job)
    assert [one.verdict.rules for one in run.results] == [(2,)] * 3


def test_what_could_not_be_opened_comes_out_unchanged(folder: Path) -> None:
    def mixed() -> Iterator[Entry]:
        for number, entry in enumerate(files(folder, 200)):
            yield Unopened(b"x%05d" % number, Reason.PERMISSION, 3)
            yield entry

    run = scan(mixed(), good)
    assert Counter(run.said()) == {"clean": 200, "permission": 200}
    unopened = [one for one in run.results if isinstance(one.entry, Unopened)]
    assert {(one.verdict.parts, one.seconds) for one in unopened} == {(0, 0.0)}


def test_without_any_file_no_worker_is_needed(folder: Path) -> None:
    run = scan(iter([Unopened(b"a", Reason.VANISHED)]), good)
    assert run.said() == ["vanished"]
    assert run.light.forked <= 1
    del folder


@pytest.mark.parametrize("answered", [0, 1, 5, BATCH - 1, BATCH, BATCH + 3])
def test_a_worker_that_dies_costs_the_file_it_was_at_and_no_other(
    answered: int, folder: Path
) -> None:
    run = scan(files(folder, 200), dies_after(answered), good)
    expected = ["clean"] * 200
    expected[answered] = "worker-died"
    assert run.said() == expected
    assert run.deaths() == {"SIGKILL": 1}
    assert run.light.forked == 2


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


PLAIN = encode_answer(0, Code.CLEAN, [], (0, 0, 1))


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"x", id="too short"),
        pytest.param(bytes(15), id="a byte too short"),
        pytest.param(PLAIN + b"x", id="a byte too long"),
        pytest.param(PLAIN + bytes(100_000), id="much too long"),
        pytest.param(b"\xff" * 16, id="all bits"),
        pytest.param(encode_answer(1, Code.CLEAN, [], (0, 0, 1)), id="the next file"),
        pytest.param(encode_answer(9999, Code.CLEAN, [], (0, 0, 1)), id="no file"),
        pytest.param(
            encode_answer(0, Code.FOUND, [RULE_COUNT], (0, 0, 1)), id="no such rule"
        ),
        pytest.param(
            encode_answer(0, Code.UNSCANNED, [], (1 << 14, 0, 1)), id="no such reason"
        ),
        pytest.param(encode_answer(0, Code.CLEAN, [0], (0, 0, 1)), id="contradiction"),
        pytest.param(encode_answer(0, Code.HEAVY, [], (0, 0, 0)), id="heavy nowhere"),
    ],
)
def test_a_worker_that_lies_is_killed_and_its_file_said_so(
    message: bytes, folder: Path
) -> None:
    run = scan(files(folder, 100), says(message), good)
    assert run.said() == ["worker-died", *["clean"] * 99]
    assert run.light.forked == 2


@pytest.mark.parametrize("job", [Job.EVERY, Job.EXPLAIN])
def test_a_wide_answer_above_its_bound_is_a_lie(job: Job, folder: Path) -> None:
    flood = PLAIN + bytes(200_000)
    run = scan(files(folder, 2), says(flood), good, job=job)
    assert run.said() == ["worker-died", "clean"]


def test_an_answer_given_twice_is_a_lie(folder: Path) -> None:
    def twice(worker: Worker) -> None:
        for asked in worker.asked():
            worker.answer(asked)
            worker.answer(asked)

    run = scan(files(folder, 3), twice, good)
    assert run.said() == ["clean", "worker-died", "clean"]


def test_answers_in_another_order_are_a_lie(folder: Path) -> None:
    def backwards(worker: Worker) -> None:
        asked = worker.asked()
        first = next(asked)
        worker.answer(next(asked))
        worker.answer(first)

    run = scan(files(folder, 3), backwards, good)
    assert run.said() == ["worker-died", "clean", "clean"]


def test_an_answer_that_nobody_asked_for_costs_no_file(folder: Path) -> None:
    """It comes behind all the others, so nobody looks at it any more."""

    def one_more(worker: Worker) -> None:
        for asked in worker.asked():
            worker.answer(asked)
            if asked.content == b"00002":
                worker.send(PLAIN)

    assert scan(files(folder, 3), one_more).said() == ["clean"] * 3


def test_a_silent_worker_is_killed_when_its_time_is_over(
    clock: Clock, folder: Path
) -> None:
    run = scan(files(folder, 100), clock.hangs, good)
    assert run.said() == ["time-limit", *["clean"] * 99]
    assert run.deaths() == {"SIGKILL": 1}


def test_the_time_of_a_file_begins_with_the_answer_before_it(
    clock: Clock, folder: Path
) -> None:
    """A batch that takes long as a whole is no reason to kill anybody."""
    results = []
    light = ScriptedZygote(good)
    pool = Pool((lane(light),), RULE_COUNT, jobs=1, job=Job.SCAN, seconds=1e6)
    for one in pool.scan(files(folder, 300)):
        results.append(one)
        clock.jump()
    pool.close()
    light.close()
    assert {one.verdict.outcome for one in results} == {Outcome.CLEAN}
    assert light.forked == 1


@pytest.mark.parametrize("seconds", [1e7, 1e10, float("inf")])
def test_any_time_limit_can_be_waited_for(seconds: float, folder: Path) -> None:
    assert scan(files(folder, 3), good, seconds=seconds).said() == ["clean"] * 3


def test_a_worker_that_hangs_does_not_hold_up_the_others(
    clock: Clock, folder: Path
) -> None:
    def never(worker: Worker) -> None:
        for _ in worker.asked():
            pass

    light = ScriptedZygote(never, good)
    pool = Pool((lane(light),), RULE_COUNT, jobs=2, job=Job.SCAN, seconds=SECONDS)
    results = []
    for one in pool.scan(files(folder, 600)):
        results.append(one)
        if len(results) == 600 - 2 * BATCH:  # all but what it has in hand
            clock.jump()
    pool.close()
    light.close()
    said = Counter(words(one.verdict.reasons) for one in results)
    assert said == {(): 599, ("time-limit",): 1}


HEAVY = answers(
    lambda asked: encode_answer(asked.identifier, Code.HEAVY, [], (0, 0, 0))
)


def test_a_file_that_needs_heavy_libraries_goes_to_the_second_lane(
    folder: Path,
) -> None:
    def some(asked: Asked) -> bytes:
        if int(asked.content) % 3:
            return honest(asked)
        return encode_answer(asked.identifier, Code.HEAVY, [], (0, 0, 0))

    found = answers(lambda asked: honest(asked, rule=1))
    run = scan(files(folder, 200), answers(some), heavy=[found])
    expected = ["clean" if number % 3 else "found" for number in range(200)]
    assert run.said() == expected
    assert run.heavy.forked == 1


def test_the_heavy_zygote_is_not_started_without_need(folder: Path) -> None:
    assert scan(files(folder, 10), good, heavy=[good]).heavy.forked == 0


def test_nothing_is_heavier_than_the_heavy_lane(folder: Path) -> None:
    run = scan(files(folder, 3), HEAVY, heavy=[HEAVY, good])
    assert Counter(run.said()) == {"worker-died": 1, "clean": 2}


def test_a_death_in_the_heavy_lane_is_made_good_there(folder: Path) -> None:
    run = scan(files(folder, 100), HEAVY, heavy=[dies_after(3), good], jobs=2)
    assert Counter(run.said()) == {"worker-died": 1, "clean": 99}
    assert run.heavy.forked <= 3


def test_files_that_wait_for_the_heavy_lane_do_not_pile_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them is an open descriptor, and there may be a million."""
    goes_on = threading.Event()
    polls = []

    def count() -> None:
        polls.append(len(descriptors()))
        if len(polls) == 100:
            goes_on.set()

    def waits(worker: Worker) -> None:
        for asked in worker.asked():
            goes_on.wait(20)
            worker.answer(asked)

    monkeypatch.setattr(ImpatientPoll, "before", staticmethod(count))
    before = len(descriptors())
    run = scan(files(folder, 1500), HEAVY, heavy=[waits])
    assert run.said() == ["clean"] * 1500
    assert max(polls) < before + 10 * BATCH


def test_workers_are_renewed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "RENEW", 100)
    run = scan(files(folder, 1000), good)
    assert run.said() == ["clean"] * 1000
    assert run.deaths() == {}
    assert 5 <= run.light.forked <= 11


def test_identifiers_begin_again_before_they_run_out(folder: Path) -> None:
    light = ScriptedZygote(good)
    pool = Pool((lane(light),), RULE_COUNT, jobs=1, job=Job.SCAN, seconds=SECONDS)
    pool._next = 2**32 - 3  # noqa: SLF001 - four thousand million files later
    results = list(pool.scan(files(folder, 2 * BATCH)))
    pool.close()
    light.close()
    assert {one.verdict.outcome for one in results} == {Outcome.CLEAN}


def test_a_change_while_it_was_scanned_is_added_to_the_verdict(folder: Path) -> None:
    path = folder / "victim"

    def meddle(asked: Asked) -> bytes:
        path.write_text("something longer")
        return honest(asked, rule=1)

    path.write_text("before")
    entry = open_file(os.fsencode(path), b"victim", None, None)
    run = scan(iter([entry]), answers(meddle))
    (one,) = run.results
    assert (one.verdict.rules, one.verdict.reasons) == ((1,), Reason.CHANGED)
    assert one.verdict.outcome is Outcome.FOUND


def test_a_file_removed_while_it_was_scanned_is_not_clean(folder: Path) -> None:
    path = folder / "removed"

    def meddle(asked: Asked) -> bytes:
        path.unlink()
        return honest(asked)

    path.write_text("before")
    entry = open_file(os.fsencode(path), b"removed", None, None)
    assert scan(iter([entry]), answers(meddle)).said() == ["vanished"]


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

    light = ScriptedZygote(answers_one_batch_and_ends, good)
    monkeypatch.setattr(ImpatientPoll, "before", staticmethod(let_it_end))
    pool = Pool((lane(light),), RULE_COUNT, jobs=1, job=Job.SCAN, seconds=SECONDS)
    results = list(pool.scan(files(folder, 3 * BATCH)))
    pool.close()
    light.close()
    said = Counter(one.verdict.outcome for one in results)
    assert (said[Outcome.FOUND], said[Outcome.UNSCANNED]) == (BATCH, 1)


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


def test_closing_early_closes_what_workers_still_have_in_hand(folder: Path) -> None:
    light = ScriptedZygote(says(PLAIN))  # answers the first file and no other
    pool = Pool((lane(light),), RULE_COUNT, jobs=1, job=Job.SCAN, seconds=SECONDS)
    results = pool.scan(files(folder, 20))
    assert next(results).verdict.outcome is Outcome.CLEAN
    pool.close()
    light.close()
    # That no descriptor is left is checked for every test in this file.


SCRIPTS: dict[str, Callable[[int], Script]] = {
    "dies": dies_after,
    "lies": lambda after: says(b"\xff" * 16, after),
    "babbles": lambda after: says(b"", after),
    "good": lambda _: good,
}


@given(
    st.lists(
        st.tuples(st.sampled_from([*SCRIPTS, "hangs"]), st.integers(0, 70)),
        max_size=5,
    ),
    st.integers(0, 150),
    st.integers(1, 3),
)
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_workers_do_every_file_comes_out_once_and_few_are_lost(
    clock: Clock, folder: Path, bad: list[tuple[str, int]], count: int, jobs: int
) -> None:
    scripts = [
        clock.hangs if name == "hangs" else SCRIPTS[name](after) for name, after in bad
    ]
    if clock.hangs in scripts:
        jobs = 1  # the time of all the others would be over, too
    before = descriptors()
    run = scan(files(folder, count), *scripts, good, jobs=jobs)
    assert descriptors() == before
    said = Counter(run.said())
    assert said["clean"] >= count - len(bad)
    assert set(said) <= {"clean", "worker-died", "time-limit"}
