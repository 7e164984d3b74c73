"""Behaviour of real workers: what they answer, and how the pool gets over them."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.jail import Jail, handed, jail, opened, watch
from support.marks import EICAR, MARK, mark_rule

from clearward.core.limits import MIB, WHOLE, Limits
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.jail import pool as pool_module
from clearward.jail.broker import Entry
from clearward.jail.explanation import decode
from clearward.jail.wire import Job


@pytest.fixture(name="running", scope="module")
def fixture_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jail]:
    folder = tmp_path_factory.mktemp("rules")
    kernel_rule = folder / "kernel.yar"
    kernel_rule.write_text(
        'rule kernel { strings: $a = "Linux version" condition: $a }'
    )
    with jail(mark_rule(folder), kernel_rule) as made:
        yield made


def plant(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number:04}" for number in range(count)]
    for path in paths:
        path.write_text(path.name)
    return paths


def names(running: Jail, rules: tuple[int, ...]) -> list[str]:
    return [running.table.rules[number].name for number in rules]


def test_a_worker_says_clean_found_and_unscanned(running: Jail, tmp_path: Path) -> None:
    for name, content in {
        "clean": b"nothing",
        "empty": b"",
        "test": EICAR,
        "mark": b"front " + MARK,
        "cut": b"!<arch>\nshort",
    }.items():
        (tmp_path / name).write_bytes(content)
    order = ["clean", "empty", "test", "mark", "cut"]
    results = running.scan(*(tmp_path / name for name in order))
    assert [one.verdict.outcome.value for one in results] == [
        "clean",
        "clean",
        "found",
        "found",
        "unscanned",
    ]
    assert names(running, results[2].verdict.rules) == ["Eicar-Test-File"]
    assert names(running, results[3].verdict.rules) == ["mark"]
    assert results[4].verdict.reasons is Reason.TRUNCATED


@pytest.mark.parametrize("size", [65_536, 65_537, 4 * MIB, WHOLE, WHOLE + 1])
def test_a_match_at_the_very_end_is_found_whatever_the_size(
    size: int, running: Jail, tmp_path: Path
) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(size - 1)
        file.seek(size - len(MARK))
        file.write(MARK)
    (one,) = running.scan(path)
    assert one.verdict.outcome is Outcome.FOUND


def test_a_file_that_says_it_is_empty_and_is_not_is_read(running: Jail) -> None:
    (one,) = running.scan("/proc/version")
    assert names(running, one.verdict.rules) == ["kernel"]


def test_a_file_without_end_that_says_it_is_empty_is_never_clean(
    running: Jail,
) -> None:
    endless = os.open("/dev/zero", os.O_RDONLY)
    (one,) = running.pool.scan(iter([handed(endless, b"endless", 0)]))
    assert one.verdict.outcome is Outcome.UNSCANNED


@pytest.mark.parametrize("size", [0, 10, 10 * MIB])
def test_a_file_that_cannot_be_read_kills_nobody(size: int, running: Jail) -> None:
    before = running.pool.first_process()
    memory = os.open("/proc/self/mem", os.O_RDONLY)  # nothing lies at its start
    (one,) = running.pool.scan(iter([handed(memory, b"memory", size)]))
    assert one.verdict.outcome is Outcome.UNSCANNED
    assert not one.verdict.reasons & Reason.WORKER_DIED
    assert running.pool.first_process() == before


def test_a_file_that_shrank_before_it_was_read_has_changed(
    running: Jail, tmp_path: Path
) -> None:
    (path,) = plant(tmp_path, 1)
    for size in (5, 10 * MIB, WHOLE + 10 * MIB):
        shrunk = handed(os.open(path, os.O_RDONLY), b"shrunk", size)
        (one,) = running.pool.scan(iter([shrunk]))
        assert one.verdict.reasons & Reason.CHANGED or size == 5


def test_the_brokers_place_in_a_file_is_not_moved(
    running: Jail, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(100_000))
    kept = os.open(path, os.O_RDONLY)
    os.lseek(kept, 77, os.SEEK_SET)
    list(running.pool.scan(iter([handed(os.dup(kept), b"file", 100_000)])))
    assert os.lseek(kept, 0, os.SEEK_CUR) == 77
    os.close(kept)


@pytest.mark.parametrize("job", [Job.EVERY, Job.EXPLAIN])
def test_wider_answers_come_when_they_are_asked_for(job: Job, tmp_path: Path) -> None:
    both = tmp_path / "both"
    both.write_bytes(b"0123456789" + MARK)
    rules = [mark_rule(tmp_path, "one"), mark_rule(tmp_path, "two")]
    with jail(*rules, job=job) as running:
        (one,) = running.scan(both)
        assert names(running, one.verdict.rules) == ["one", "two"]
        if job is Job.EVERY:
            assert one.explanation == b""
        else:
            found = decode(one.explanation, len(running.table.rules))
            places = {(match.offset, match.length) for match in found.matches}
            assert places == {(10, len(MARK))}


def test_a_killed_worker_costs_one_file_at_most(tmp_path: Path) -> None:
    paths = plant(tmp_path, 400)
    with jail() as running:
        victim = running.pool.first_process()

        def entries() -> Iterator[Entry]:
            for number, entry in enumerate(opened(*paths)):
                if number == 200:
                    os.kill(victim, signal.SIGKILL)
                yield entry

        results = list(running.pool.scan(entries()))
        assert running.pool.first_process() != victim
    said = Counter(one.verdict.outcome for one in results)
    assert len({one.entry.path for one in results}) == 400
    assert said[Outcome.UNSCANNED] <= 1
    assert said[Outcome.CLEAN] >= 399
    assert {one.death for one in results} <= {"", "SIGKILL"}


def test_a_worker_that_somebody_stopped_costs_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "GRACE", 0.2)
    paths = plant(tmp_path, 100)
    with jail(limits=Limits(seconds=1.0)) as running:
        victim = running.pool.first_process()
        watched = watch(victim)
        os.kill(victim, signal.SIGSTOP)
        results = running.scan(*paths)
        os.close(watched)
    assert {one.verdict.outcome for one in results} == {Outcome.CLEAN}


def test_a_worker_out_of_memory_says_so_and_lives(tmp_path: Path) -> None:
    large, small = tmp_path / "large", tmp_path / "small"
    with large.open("wb") as file:
        file.truncate(WHOLE)
    small.write_bytes(EICAR)
    with jail(limits=Limits(memory=16 * MIB)) as running:
        worker = running.pool.first_process()
        results = [*running.scan(large, small), *running.scan(large, small)]
        assert running.pool.first_process() == worker
    assert [one.verdict.reasons for one in results[::2]] == [Reason.MEMORY_LIMIT] * 2
    assert [one.verdict.outcome for one in results[1::2]] == [Outcome.FOUND] * 2


def test_a_file_that_takes_too_long_says_so_itself(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(4 * WHOLE)
    with jail(limits=Limits(seconds=0.01)) as running:
        worker = running.pool.first_process()
        (one,) = running.scan(large)
        assert one.verdict.reasons is Reason.TIME_LIMIT
        assert running.pool.first_process() == worker


def test_several_workers_share_the_files(tmp_path: Path) -> None:
    paths = plant(tmp_path, 1000)
    with jail(jobs=3) as running:
        results = running.scan(*paths)
    assert {one.verdict.outcome for one in results} == {Outcome.CLEAN}
