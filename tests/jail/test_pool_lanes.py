"""Which worker a file goes to: those of the heavy lane, and new ones."""

import os
import threading
from collections import Counter
from pathlib import Path
from typing import cast

import pytest
from support.descriptors import descriptors
from support.pool import (
    HEAVY,
    RULE_COUNT,
    SECONDS,
    Clock,
    ImpatientPoll,
    files,
    scan,
)
from support.zygote import (
    Asked,
    ScriptedZygote,
    Worker,
    answers,
    dies_after,
    good,
    honest,
    lane,
)

from clearward.core.limits import MIB
from clearward.jail import dealing
from clearward.jail.batch import BATCH_BYTES
from clearward.jail.control import OLDEST
from clearward.jail.crew import AHEAD, AHEAD_BYTES
from clearward.jail.pool import Pool
from clearward.jail.spawn import Zygote
from clearward.jail.wire import Code, Job, encode_answer

pytestmark = pytest.mark.usefixtures("clock", "nothing_stays_open", "nothing_hangs")


def test_a_file_that_needs_heavy_libraries_goes_to_the_second_lane(
    folder: Path,
) -> None:
    def some(asked: Asked) -> bytes:
        if int(asked.content) % 3:
            return honest(asked)
        return encode_answer(asked.identifier, Code.HEAVY, [], (0, 0, 0))

    def every(asked: Asked) -> bytes:
        return honest(asked, rule=None if int(asked.content) % 3 else 1)

    run = scan(files(folder, 200), answers(some), heavy=[answers(every)])
    expected = ["clean" if number % 3 else "found" for number in range(200)]
    assert run.said() == expected
    assert run.heavy.forked == 1


def test_once_the_heavy_lane_runs_it_takes_new_files(folder: Path) -> None:
    seen: list[int] = []

    def note(asked: Asked) -> bytes:
        seen.append(asked.identifier)
        return encode_answer(asked.identifier, Code.HEAVY, [], (0, 0, 0))

    run = scan(files(folder, 2000), answers(note), heavy=[good])
    assert run.said() == ["clean"] * 2000
    assert len(seen) < 1000
    assert run.light.forked == 1


def test_once_the_heavy_lane_runs_it_takes_what_others_have_in_hand(
    folder: Path,
) -> None:
    def stops(worker: Worker) -> None:
        for asked in worker.asked():
            if asked.identifier == 0:
                worker.send(encode_answer(0, Code.HEAVY, [], (0, 0, 0)))

    run = scan(files(folder, 200), stops, heavy=[good])
    assert run.said() == ["clean"] * 200
    assert run.light.forked == 1


def test_a_large_file_that_was_begun_is_not_begun_again_elsewhere(
    tmp_path: Path,
) -> None:
    (tmp_path / "00000").write_text("heavy")
    with (tmp_path / "00001").open("wb") as file:
        file.truncate(AHEAD_BYTES + 1)
    seen: list[bytes] = []
    first_is_done = threading.Event()

    def light(worker: Worker) -> None:
        for asked in worker.asked():
            if asked.identifier == 1:  # both are in hand
                worker.send(encode_answer(0, Code.HEAVY, [], (0, 0, 0)))
                assert first_is_done.wait(10)
                worker.answer(asked)

    def heavy(worker: Worker) -> None:
        for asked in worker.asked():
            seen.append(asked.content)
            worker.answer(asked)
            first_is_done.set()

    run = scan(files(tmp_path, 2), light, heavy=[heavy])
    assert run.said() == ["clean"] * 2
    assert seen == [b"heavy"]


def test_the_heavy_zygote_is_not_started_without_need(folder: Path) -> None:
    assert scan(files(folder, 10), good, heavy=[good]).heavy.forked == 0


@pytest.mark.parametrize("late", [False, True])
def test_other_files_are_scanned_while_the_heavy_zygote_gets_ready(
    folder: Path,
    late: bool,  # noqa: FBT001
) -> None:
    """It is ready once half of them are; or when nothing else is left to be done."""
    ready, begins = os.pipe()
    light, heavy = ScriptedZygote(answers(first_is_heavy)), ScriptedZygote(good)
    slow = lane(heavy)
    events = []

    def begin() -> int:
        events.append("begun")
        return ready

    def start() -> Zygote:
        events.append("started")
        return cast("Zygote", heavy)

    slow.begin, slow.start = begin, start
    pool = Pool((lane(light), slow), RULE_COUNT, jobs=1, job=Job.SCAN, seconds=SECONDS)
    try:
        for number, one in enumerate(pool.scan(files(folder, 2000))):
            if number == 1000 and not late:
                os.write(begins, b".")
            if one.entry.path.endswith(b"00000"):
                events.append("scanned")
            elif number in {999, 1998}:
                events.append("half" if number == 999 else "all")
    finally:
        pool.close()
        heavy.close()
        light.close()
        os.close(ready)
        os.close(begins)
    if late:
        assert events == ["begun", "half", "all", "started", "scanned"]
    else:
        assert events[:4] == ["begun", "half", "started", "scanned"]


def first_is_heavy(asked: Asked) -> bytes:
    """The answer of a worker that cannot do the first file."""
    if int(asked.content):
        return honest(asked)
    return encode_answer(asked.identifier, Code.HEAVY, [], (0, 0, 0))


def test_large_files_are_not_all_dealt_out_at_the_start(tmp_path: Path) -> None:
    """There are fewer than one worker may have in hand, were they small."""
    count, large = AHEAD // 2, 3 * MIB
    for number in range(count):
        with (tmp_path / f"{number:05}").open("wb") as file:
            file.truncate(large)
    in_hand = (AHEAD_BYTES + BATCH_BYTES) // large + 2
    most_are_done = threading.Event()

    def slow(worker: Worker) -> None:
        for asked in worker.asked():
            assert most_are_done.wait(10)
            worker.answer(asked)

    def quick(worker: Worker) -> None:
        for number, asked in enumerate(worker.asked(), start=1):
            worker.answer(asked)
            if number == count - in_hand:
                most_are_done.set()

    run = scan(files(tmp_path, count), slow, quick, jobs=2)
    assert run.said() == ["clean"] * count


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
    assert max(polls) < before + 4 * AHEAD


def test_workers_are_renewed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealing, "RENEW", 100)
    run = scan(files(folder, 1000), good)
    assert run.said() == ["clean"] * 1000
    assert run.deaths() == {}
    assert 5 <= run.light.forked <= 11


def test_an_old_worker_is_replaced_and_its_files_go_to_another(
    folder: Path, clock: Clock
) -> None:
    def ages(worker: Worker) -> None:
        for asked in worker.asked():
            worker.begins(asked)
            if asked.content == b"00003":
                clock.advance(OLDEST * 0.6)
                clock.advance(OLDEST * 0.6)
            worker.answer(asked)

    run = scan(files(folder, 200), ages, good, seconds=2 * OLDEST)
    assert run.said() == ["clean"] * 200
    assert run.light.forked == 2


def test_identifiers_begin_anew_with_every_worker(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So they cannot run out."""
    monkeypatch.setattr(dealing, "RENEW", 100)
    seen: list[int] = []

    def note(asked: Asked) -> bytes:
        seen.append(asked.identifier)
        return honest(asked)

    run = scan(files(folder, 1000), answers(note))
    assert seen.count(0) == run.light.forked
    assert max(seen) < 100 + AHEAD
