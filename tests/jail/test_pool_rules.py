"""Workers that lack rules: these are loaded, and others take their files."""

import threading
from collections import Counter
from pathlib import Path

import pytest
from support.pool import HEAVY, Clock, files, scan
from support.zygote import Script, ScriptedZygote, Worker, good

from clearward.jail.wire import encode_unloaded

pytestmark = pytest.mark.usefixtures("clock", "nothing_stays_open", "nothing_hangs")


def lacks(partition: int, after: int = 0, singly: list[bool] | None = None) -> Script:
    """A worker that stops at a file since it lacks rules."""

    def script(worker: Worker) -> None:
        for index, asked in enumerate(worker.asked()):
            if singly is not None:
                singly.append(asked.singly)
            if index == after:
                worker.begins(asked)
                worker.send(encode_unloaded(asked.identifier, partition))
                return
            worker.answer(asked)

    return script


def test_rules_that_are_lacked_are_loaded_once_and_nobody_is_blamed(
    folder: Path,
) -> None:
    run = scan(files(folder, 300), lacks(1, 5), lacks(2), lacks(0), good)
    assert run.said() == ["clean"] * 300
    assert run.light.asked == [1, 2, 0]
    assert run.light.forked == 4


def test_two_workers_may_lack_the_same_rules(folder: Path) -> None:
    run = scan(files(folder, 900), lacks(1), lacks(1), good, jobs=2)
    assert run.said() == ["clean"] * 900
    assert run.light.asked == [1]


def test_the_heavy_lane_loads_its_own_rules(folder: Path) -> None:
    run = scan(files(folder, 9), HEAVY, heavy=[lacks(1), good])
    assert run.said() == ["clean"] * 9
    assert (run.light.asked, run.heavy.asked) == ([], [1])


def test_a_worker_that_has_the_rules_cannot_lack_them(folder: Path) -> None:
    run = scan(files(folder, 5), lacks(1), lacks(1), good)
    assert Counter(run.said()) == {"worker-died": 1, "clean": 4}
    assert run.light.asked == [1]


def test_a_worker_cannot_lack_rules_that_do_not_exist(folder: Path) -> None:
    run = scan(files(folder, 5), lacks(3), good)
    assert Counter(run.said()) == {"worker-died": 1, "clean": 4}


def test_the_time_that_loading_takes_is_no_files_doing(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other worker has begun a file meanwhile, and answers late."""
    loaded = threading.Event()

    def load_more(_zygote: ScriptedZygote, _partition: int) -> bool:
        clock.jump()
        loaded.set()
        return True

    def slow(worker: Worker) -> None:
        for asked in worker.asked():
            worker.begins(asked)
            loaded.wait(20)
            worker.answer(asked)

    monkeypatch.setattr(ScriptedZygote, "load_more", load_more)
    run = scan(files(folder, 300), slow, lacks(1), good, jobs=2)
    assert run.said() == ["clean"] * 300
