"""Every file that goes into the pool comes out exactly once, whatever workers do."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.descriptors import descriptors
from support.pool import PLAIN, RULE_COUNT, SECONDS, Clock, files, scan
from support.zygote import (
    Asked,
    Script,
    ScriptedZygote,
    answers,
    dies_after,
    good,
    honest,
    lane,
    says,
)

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.jail.broker import Entry, Unopened, open_file
from clearward.jail.pool import Pool
from clearward.jail.wire import BATCH, Job

pytestmark = pytest.mark.usefixtures("clock", "nothing_stays_open", "nothing_hangs")


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
