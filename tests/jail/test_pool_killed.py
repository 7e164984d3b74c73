"""A worker that lies or takes too long is killed, and no other."""

from collections import Counter
from pathlib import Path

import pytest
from support.pool import PLAIN, RULE_COUNT, SECONDS, Clock, files, scan
from support.zygote import ScriptedZygote, Worker, dies_after, good, lane, says

from clearward.core.verdict import Outcome
from clearward.jail.crew import AHEAD
from clearward.jail.pool import Pool
from clearward.jail.wire import Code, Job, encode_answer, encode_run

pytestmark = pytest.mark.usefixtures("clock", "nothing_stays_open", "nothing_hangs")


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


@pytest.mark.parametrize("message", [b"x", PLAIN + b"x", b"\xff" * 16])
def test_a_lie_before_any_file_was_begun_is_told_of_none(
    message: bytes, folder: Path
) -> None:
    run = scan(files(folder, 100), says(message, begun=False), good)
    assert run.said() == ["clean"] * 100
    assert run.light.forked == 2


@pytest.mark.parametrize(
    ("first", "count", "longer"),
    [
        pytest.param(1, 1, False, id="from the next file on"),
        pytest.param(0, 0, False, id="of no file"),
        pytest.param(0, 101, False, id="of more files than there are"),
        pytest.param(0, 100, True, id="of all, and of one more"),
        pytest.param(0, 2**32 - 1, False, id="of as many as can be said"),
        pytest.param(2**32 - 1, 1, False, id="from the last number on"),
    ],
)
def test_a_run_of_files_that_nobody_waits_for_is_a_lie(
    first: int,
    count: int,
    longer: bool,  # noqa: FBT001 - pytest's shape
    folder: Path,
) -> None:
    lie = encode_run(first, count, longer=longer)
    once = dies_after(0, begun=False)
    run = scan(files(folder, 100), says(lie, begun=False), once)
    assert "clean" not in run.said()


def test_a_worker_cannot_put_off_its_time_limit(folder: Path) -> None:
    def begins_for_ever(worker: Worker) -> None:
        for asked in worker.asked():
            if asked.content == b"00000":
                worker.begins(asked)
            worker.begins(asked)

    run = scan(files(folder, 3), begins_for_ever, good)
    assert run.said() == ["worker-died", "clean", "clean"]


def test_a_run_speaks_for_its_files_and_no_other(folder: Path) -> None:
    def in_runs(worker: Worker) -> None:
        for asked in worker.asked():
            if asked.identifier % 3 == 2:
                worker.send(encode_run(asked.identifier - 2, 2, longer=True))
                worker.answer(asked, rule=1)

    run = scan(files(folder, 300), in_runs)
    assert run.said() == ["clean", "clean", "found"] * 100
    assert run.light.forked == 1


def test_an_answer_given_twice_is_a_lie(folder: Path) -> None:
    def twice(worker: Worker) -> None:
        for asked in worker.asked():
            worker.answer(asked)
            worker.answer(asked)

    run = scan(files(folder, 3), twice, good)
    assert run.said() == ["clean"] * 3
    assert run.light.forked == 2


def test_answers_in_another_order_are_a_lie(folder: Path) -> None:
    def backwards(worker: Worker) -> None:
        asked = worker.asked()
        first = next(asked)
        worker.begins(first)
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
    run = scan(files(folder, 100), clock.hangs, clock.hangs, good)
    assert run.said() == ["time-limit", *["clean"] * 99]
    assert run.deaths() == {"SIGKILL": 1}
    assert run.light.forked == 3


def test_a_worker_that_is_silent_once_costs_no_file(clock: Clock, folder: Path) -> None:
    run = scan(files(folder, 100), clock.hangs, good)
    assert run.said() == ["clean"] * 100
    assert run.light.forked == 2


@pytest.mark.usefixtures("nobody_ages")
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


@pytest.mark.usefixtures("nobody_ages")
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
        if len(results) == 600 - AHEAD:  # all but what it has in hand
            clock.jump()
    pool.close()
    light.close()
    assert Counter(one.verdict.outcome for one in results) == {Outcome.CLEAN: 600}
    assert light.forked == 3
