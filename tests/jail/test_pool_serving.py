"""A pool that a server feeds: taken back, never of two tenants at once."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from support.pool import RULE_COUNT, SECONDS, Clock, files
from support.zygote import Script, ScriptedZygote, Worker, good, lane

from clearward.core.verdict import Outcome
from clearward.jail.broker import OpenFile
from clearward.jail.crew import SINGLY
from clearward.jail.pool import Pool
from clearward.jail.scanned import Scanned
from clearward.jail.wire import Job

pytestmark = pytest.mark.usefixtures("nothing_stays_open", "nothing_hangs")


@contextmanager
def serving(*scripts: Script, jobs: int = 1) -> Iterator[tuple[Pool, ScriptedZygote]]:
    with ExitStack() as stack:
        zygote = ScriptedZygote(*scripts)
        stack.callback(zygote.close)
        pool = Pool(
            (lane(zygote),),
            RULE_COUNT,
            jobs=jobs,
            job=Job.SCAN,
            seconds=SECONDS,
            load=SINGLY,
        )
        stack.callback(pool.close)
        yield pool, zygote


def opened(folder: Path, count: int, tenant: str = "a") -> list[OpenFile]:
    entries = [entry for entry in files(folder, count) if isinstance(entry, OpenFile)]
    for entry in entries:
        entry.tenant = tenant
    return entries


def answers(pool: Pool, count: int) -> list[Scanned]:
    """Wait for so many."""
    came: list[Scanned] = []
    while len(came) < count:
        came.extend(pool.turn())
        time.sleep(0.001)
    return came


def stuck(worker: Worker) -> None:
    """Begins the first file and never comes to its end."""
    for index, asked in enumerate(worker.asked()):
        if index == 0:
            worker.begins(asked)


def test_what_is_handed_in_comes_out_once(folder: Path) -> None:
    with serving(good) as (pool, _):
        batch = opened(folder, 5)
        assert pool.hand(batch)
        came = answers(pool, 5)
        assert [one.entry for one in came] == batch
        assert not pool.in_hand


def test_a_worker_with_enough_in_hand_gets_no_more(folder: Path) -> None:
    with serving(stuck) as (pool, _):
        given = sum(pool.hand([file]) or file.close() for file in opened(folder, 20))
        assert given == SINGLY.files + 1


def test_no_worker_looks_at_files_of_two_tenants(folder: Path) -> None:
    with serving(good) as (pool, zygote):
        for tenant in "abab":
            assert pool.hand(opened(folder, 1, tenant))
            answers(pool, 1)
        assert zygote.forked == 4


def test_a_tenant_keeps_its_worker(folder: Path) -> None:
    with serving(good) as (pool, zygote):
        for _ in range(5):
            assert pool.hand(opened(folder, 1))
            answers(pool, 1)
        assert zygote.forked == 1


def test_a_busy_worker_is_not_taken_from_its_tenant(folder: Path) -> None:
    with serving(stuck) as (pool, _):
        assert pool.hand(opened(folder, 1, "a"))
        (other,) = opened(folder, 1, "b")
        assert not pool.hand([other])
        other.close()


def test_a_file_that_is_dropped_never_comes_out(folder: Path, clock: Clock) -> None:
    with serving(stuck, good) as (pool, zygote):
        first, second = opened(folder, 2)
        assert pool.hand([first, second])
        pool.drop(first)
        clock.advance(0.1)
        (came,) = answers(pool, 1)
        assert came.entry is second
        assert came.verdict.outcome is Outcome.CLEAN
        assert zygote.forked == 2


def test_what_waits_behind_a_slow_file_goes_to_another_worker(
    folder: Path, clock: Clock
) -> None:
    with serving(stuck, good) as (pool, zygote):
        first, *others = opened(folder, 4)
        assert pool.hand([first, *others])
        clock.advance(1)
        came = answers(pool, 3)
        assert [one.entry for one in came] == others
        assert zygote.forked == 2
        assert pool.busy == 1


def test_a_slow_file_keeps_its_worker(folder: Path, clock: Clock) -> None:
    with serving(stuck) as (pool, zygote):
        assert pool.hand(opened(folder, 1))
        for _ in range(3):
            clock.advance(1)
            assert not list(pool.turn())
        assert zygote.forked == 1
