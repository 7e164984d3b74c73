"""Behaviour of the memory: what it knows is what was remembered, and no more."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.forked import forked
from support.verdicts import SPACE, made, memory, remember, remembered

from clearward.stores.verdicts.memory import VerdictMemory
from clearward.stores.verdicts.period import DAY, Period
from clearward.stores.verdicts.place import Place


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_what_is_remembered_is_known_to_the_next(home: Path, tmp_path: Path) -> None:
    one, other, unknown = made(tmp_path / "files")
    kept = memory(home)
    kept.remember(one.stat(), 3)
    kept.remember(other.stat(), 4)
    assert kept.knows(one.stat()) == 3  # before it is written, too
    kept.close()
    again = memory(home)
    assert [again.knows(path.stat()) for path in (one, other, unknown)] == [3, 4, None]
    again.close()


def test_nothing_is_made_where_nothing_is_remembered(home: Path) -> None:
    kept = memory(home)
    assert kept.known(1, (2, 3)) == {}
    kept.close()
    assert not home.exists()


def written(path: Path) -> None:
    path.write_text("other content")


def written_with_its_time_put_back(path: Path) -> None:
    before = path.stat()
    path.write_text(path.read_text("ascii")[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_size == before.st_size


def replaced(path: Path) -> None:
    path.with_name("new").write_text(path.read_text("ascii"))
    path.with_name("new").rename(path)


def made_readable(path: Path) -> None:
    path.chmod(0o604)


@pytest.mark.parametrize(
    "change", [written, written_with_its_time_put_back, replaced, made_readable]
)
def test_a_file_that_has_changed_is_not_known(
    change: Callable[[Path], None], home: Path, tmp_path: Path
) -> None:
    path, *_ = made(tmp_path / "files")
    remember(home, [path])
    before = path.stat()
    while path.stat().st_ctime_ns == before.st_ctime_ns:  # the clock has steps
        change(path)
    assert remembered(home, [path]) == 0


def test_a_file_is_known_by_all_its_names(home: Path, tmp_path: Path) -> None:
    path, *_ = made(tmp_path / "files")
    path.with_name("link").hardlink_to(path)
    remember(home, [path])
    assert remembered(home, [path, path.with_name("link")]) == 2


def test_other_rules_begin_with_an_empty_memory(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files")
    other = bytes(32)
    remember(home, paths)
    assert remembered(home, paths, other) == 0
    remember(home, paths[:1], other)
    assert (remembered(home, paths, other), remembered(home, paths)) == (1, 3)


def test_a_file_that_is_remembered_again_has_one_place(
    home: Path, tmp_path: Path
) -> None:
    path, *_ = made(tmp_path / "files")
    remember(home, [path])
    size = sum(file.stat().st_size for file in (home / "verdicts").iterdir())
    for number in range(100):
        path.write_text(f"{number}")
        remember(home, [path])
    assert sum(f.stat().st_size for f in (home / "verdicts").iterdir()) == size
    assert remembered(home, [path]) == 1


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def at(home: Path, clock: Clock) -> VerdictMemory:
    period = Period(7 * DAY, 14 * DAY)
    return VerdictMemory(Place(str(home)), SPACE, period, now=clock)


def known_at(home: Path, clock: Clock, paths: list[Path]) -> int:
    kept = at(home, clock)
    count = sum(kept.knows(path.stat()) is not None for path in paths)
    kept.close()
    return count


def test_verdicts_expire_one_by_one(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files", 200)
    clock = Clock()
    start = clock.now
    kept = at(home, clock)
    for path in paths:
        kept.remember(path.stat(), 1)
    kept.close()
    known = []
    for days in (0, 6.99, 9, 12, 14.01):
        clock.now = start + days * DAY
        known.append(known_at(home, clock, paths))
    assert known[:2] == [200, 200]
    assert 200 > known[2] > known[3] > known[4] == 0


def test_one_that_claims_to_hold_for_too_long_is_not_believed(
    home: Path, tmp_path: Path
) -> None:
    paths = made(tmp_path / "files")
    clock = Clock()
    kept = at(home, clock)
    for path in paths:
        kept.remember(path.stat(), 1)
    kept.close()
    clock.now -= 14 * DAY  # the clock was wrong then, or is now
    assert known_at(home, clock, paths) == 0


def test_a_memory_that_is_used_for_long_forgets_as_well(
    home: Path, tmp_path: Path
) -> None:
    (path, *_) = made(tmp_path / "files")
    clock = Clock()
    kept = at(home, clock)
    kept.remember(path.stat(), 1)
    kept.flush()
    clock.now += 14 * DAY + 1
    assert kept.knows(path.stat()) is None
    kept.close()


def test_it_is_written_now_and_then_and_not_only_at_the_end(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = made(tmp_path / "files", 5)
    kept = VerdictMemory(Place(str(home)), SPACE, every=3)
    for path in paths:
        kept.remember(path.stat(), 1)
    assert remembered(home, paths) == 3
    later = time.monotonic() + 6
    monkeypatch.setattr(time, "monotonic", lambda: later)
    kept.remember(paths[0].stat(), 1)
    assert remembered(home, paths) == 5
    kept.close()


def test_it_is_not_written_until_it_is_asked_to_be_if_so_chosen(
    home: Path, tmp_path: Path
) -> None:
    paths = made(tmp_path / "files")
    kept = VerdictMemory(Place(str(home)), SPACE, every=0)
    for path in paths:
        kept.remember(path.stat(), 1)
    assert not home.exists()
    kept.flush()
    assert remembered(home, paths) == 3
    kept.close()


def test_everything_can_be_forgotten(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths)
    kept = memory(home)
    kept.remember(paths[0].stat(), 1)
    kept.forget()
    assert kept.knows(paths[0].stat()) is None
    kept.close()
    assert remembered(home, paths) == 0
    fresh = memory(home / "none")
    fresh.forget()
    fresh.close()


def test_without_a_place_it_is_all_in_memory(tmp_path: Path) -> None:
    one, other, _ = made(tmp_path / "files")
    kept = VerdictMemory(None, SPACE)
    kept.remember(one.stat(), 3)
    kept.flush()
    assert (kept.knows(one.stat()), kept.knows(other.stat())) == (3, None)
    kept.forget()
    assert kept.knows(one.stat()) is None
    kept.close()


def test_a_child_has_its_own(home: Path, tmp_path: Path) -> None:
    one, other, third = made(tmp_path / "files")
    remember(home, [third])
    kept = memory(home)
    assert kept.knows(third.stat()) == 1  # it is open now
    kept.remember(one.stat(), 1)

    def opened() -> int:
        links = Path("/proc/self/fd").iterdir()
        return sum(str(link.resolve()).endswith(".sqlite") for link in links)

    def child() -> list[bool]:
        before = opened()
        known = [kept.knows(path.stat()) is not None for path in (one, third)]
        assert opened() == before + 1
        kept.remember(other.stat(), 1)
        kept.close()
        return known

    assert forked(child) == [False, True]
    assert remembered(home, [one, other, third]) == 2
    kept.close()
    assert remembered(home, [one, other, third]) == 3


def test_only_so_much_is_held(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clearward.stores.verdicts.memory._MOST_HELD", 0)
    paths = made(tmp_path / "files", 20)
    remember(home, paths)
    kept = memory(home)
    status = paths[0].stat()
    before = kept.known(status.st_dev, {status.st_ino >> 6})
    assert kept.known(status.st_dev, {status.st_ino >> 6}) is not before
    assert before  # who has it can finish
    assert kept.knows(status) == 1
    kept.close()
