"""Which worker a file goes to: those of the heavy lane, and new ones."""

import threading
from collections import Counter
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.pool import HEAVY, ImpatientPoll, files, scan
from support.zygote import (
    Asked,
    Worker,
    answers,
    dies_after,
    good,
    honest,
)

from clearward.jail import pool as pool_module
from clearward.jail.pool import AHEAD
from clearward.jail.wire import Code, encode_answer

pytestmark = pytest.mark.usefixtures("clock", "nothing_stays_open", "nothing_hangs")


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
    assert max(polls) < before + 4 * AHEAD


def test_workers_are_renewed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "RENEW", 100)
    run = scan(files(folder, 1000), good)
    assert run.said() == ["clean"] * 1000
    assert run.deaths() == {}
    assert 5 <= run.light.forked <= 11


def test_identifiers_begin_anew_with_every_worker(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So they cannot run out."""
    monkeypatch.setattr(pool_module, "RENEW", 100)
    seen: list[int] = []

    def note(asked: Asked) -> bytes:
        seen.append(asked.identifier)
        return honest(asked)

    run = scan(files(folder, 1000), answers(note))
    assert seen.count(0) == run.light.forked
    assert max(seen) < 100 + AHEAD
