"""Each state of a file is judged once at a time, and nothing stays open."""

import asyncio
import os
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pytest
from support.guard_kernel import opened
from support.serving import play, until

from clearward.core.errors import ClearwardError
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.guard.judging import Judgement, Judging, Result, is_regular
from clearward.jail.broker import Entry, OpenFile, admit
from clearward.jail.known import Known, Passed
from clearward.jail.listing import stamp

CLEAN = Result(Outcome.CLEAN)
PATIENCE = 10.0  # seconds


class Desk:
    """Keeps what it is given until it is told what to say."""

    def __init__(self) -> None:
        self.given: list[tuple[OpenFile, str, Callable[[Judgement], None]]] = []
        self.busy = False

    def submit(
        self, entry: Entry, tenant: str, done: Callable[[Judgement], None], /
    ) -> None:
        assert isinstance(entry, OpenFile)
        if self.busy:
            entry.close()
            raise ClearwardError("busy")
        self.given.append((entry, tenant, done))

    def say(self, result: Result) -> None:
        entry, _, done = self.given.pop(0)
        entry.close()
        done(result)


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    return path


def ask(judging: Judging, path: Path, *, settled: bool = True) -> list[Result]:
    told: list[Result] = []
    judging.judge(opened(path), bytes(path), told.append, settled=settled)
    return told


def test_who_asks_for_the_same_state_waits_for_the_same_answer(path: Path) -> None:
    before = os.listdir("/proc/self/fd")
    desk = Desk()
    judging = Judging(desk)
    first, second = ask(judging, path), ask(judging, path)
    path.write_bytes(b"other content")
    third = ask(judging, path)
    assert len(desk.given) == 2
    desk.say(Result(Outcome.FOUND))
    assert [each[0].outcome for each in (first, second)] == [Outcome.FOUND] * 2
    assert third == []
    desk.say(CLEAN)
    assert third[0] == Result(Outcome.CLEAN, size=13)
    assert os.listdir("/proc/self/fd") == before


def test_a_file_is_judged_among_those_of_its_owner(path: Path) -> None:
    desk = Desk()
    ask(Judging(desk), path)
    assert desk.given[0][1] == f"uid:{os.getuid()}"
    desk.say(CLEAN)


def test_a_desk_that_takes_no_more_leaves_a_file_unscanned(path: Path) -> None:
    desk = Desk()
    desk.busy = True
    (result,) = ask(Judging(desk), path)
    assert result.outcome is Outcome.UNSCANNED
    assert result.reasons is Reason.TIME_LIMIT
    assert not result.lasts


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("trusted", [True, False])
def test_only_where_a_change_would_show_is_a_file_steady(
    path: Path, *, settled: bool, trusted: bool
) -> None:
    desk = Desk()
    ask(Judging(desk, lambda _device, _file: trusted), path, settled=settled)
    assert desk.given[0][0].steady is (settled and trusted)
    desk.say(CLEAN)


def test_what_is_too_large_or_no_file_is_said_at_once(
    path: Path, tmp_path: Path
) -> None:
    desk = Desk()
    judging = Judging(desk, most_size=3)
    assert ask(judging, path)[0].reasons is Reason.SIZE_LIMIT
    assert ask(judging, tmp_path)[0].reasons is Reason.NOT_REGULAR
    assert desk.given == []


@pytest.mark.parametrize(
    ("reasons", "lasts"),
    [
        (Reason.ENCRYPTED, True),
        (Reason.SIZE_LIMIT | Reason.CORRUPT, True),
        (Reason.TIME_LIMIT, False),
        (Reason.ENCRYPTED | Reason.WORKER_DIED, False),
        (Reason.CHANGED, False),
    ],
)
def test_only_lasting_reasons_are_remembered(reasons: Reason, *, lasts: bool) -> None:
    assert Result(Outcome.UNSCANNED, reasons=reasons).lasts is lasts


def test_a_regular_file_has_a_name(path: Path, tmp_path: Path) -> None:
    file, folder = opened(path), opened(tmp_path)
    assert is_regular(file)
    assert not is_regular(folder)
    path.unlink()
    assert not is_regular(file)
    os.close(file)
    os.close(folder)
    assert not is_regular(file)


class Store:
    """Knows every file as clean that it was told of, and keeps askers waiting.

    Args:
        paths: of these files.
    """

    def __init__(self, *paths: Path) -> None:
        self.go = threading.Event()
        self.go.set()
        self.fails = False
        self.passed: list[Passed] = []
        self.known_now: Known | None = None
        self._stamps = {stamp(path.stat()): 1 for path in paths}

    def known(self, _device: int, _blocks: Collection[int]) -> Mapping[bytes, int]:
        self.go.wait(PATIENCE)
        if self.fails:
            raise ClearwardError("damaged")
        return self._stamps

    def give(self) -> Known:
        self.known_now = Known(self, self.passed.append)
        return self.known_now


@pytest.fixture(name="large")
def fixture_large(tmp_path: Path) -> Path:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 100_000)
    return path


def judging_with(desk: Desk, store: Store, *, trusted: bool = True) -> Judging:
    return Judging(desk, lambda _device, _file: trusted, knows=store.give)


def test_what_was_clean_and_is_as_it_was_is_not_scanned_again(large: Path) -> None:
    before = os.listdir("/proc/self/fd")
    desk, store = Desk(), Store(large)

    async def scene() -> None:
        judging = judging_with(desk, store)
        first, second = ask(judging, large), ask(judging, large)
        await until(lambda: bool(first and second))
        assert first == second == [Result(Outcome.CLEAN, size=100_000)]
        judging.forget()

    play(scene)
    assert desk.given == []
    assert [(each.front, each.names) for each in store.passed] == [
        (bytes(large.parent) + b"/", [b"large"])
    ]
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.parametrize(
    "why", ["small", "unsettled", "untrusted", "unknown", "changed", "fails", "slow"]
)
def test_everything_else_is_scanned(path: Path, large: Path, why: str) -> None:
    desk, store = Desk(), Store(*() if why == "unknown" else (path, large))
    store.fails = why == "fails"
    if why == "slow":
        store.go.clear()
    if why == "changed":
        large.write_bytes(b"y" * 100_000)

    async def scene() -> None:
        judging = judging_with(desk, store, trusted=why != "untrusted")
        asked = path if why == "small" else large
        told = ask(judging, asked, settled=why != "unsettled")
        await until(lambda: bool(desk.given))
        assert told == []
        desk.say(Result(Outcome.FOUND))
        assert told[0].outcome is Outcome.FOUND
        store.go.set()

    play(scene)
    assert store.passed == []


def test_what_was_clean_under_other_rules_is_scanned(large: Path) -> None:
    desk, store = Desk(), Store(large)
    store.go.clear()

    async def scene() -> None:
        judging = judging_with(desk, store)
        told = ask(judging, large)
        await asyncio.sleep(0)
        judging.forget()
        store.go.set()
        await until(lambda: bool(desk.given))
        desk.say(CLEAN)
        assert told[0].outcome is Outcome.CLEAN

    play(scene)
    assert store.passed == []


def test_what_is_changed_while_the_store_is_asked_is_not_clean(large: Path) -> None:
    desk, store = Desk(), Store(large)
    store.go.clear()

    async def scene() -> None:
        told = ask(judging_with(desk, store), large)
        await asyncio.sleep(0)
        os.truncate(large, 50_000)
        store.go.set()
        await until(lambda: bool(told or desk.given))
        assert not desk.given
        assert (told[0].outcome, told[0].reasons) == (
            Outcome.UNSCANNED,
            Reason.CHANGED,
        )

    play(scene)


def test_the_first_look_which_has_asked_asks_no_more(large: Path) -> None:
    desk, store = Desk(), Store(large)
    told: list[Result] = []
    entry = admit(opened(large), bytes(large), None)
    assert isinstance(entry, OpenFile)
    entry.steady = True
    judging_with(desk, store).judge_entry(entry, told.append)
    desk.say(CLEAN)
    assert store.known_now is None
