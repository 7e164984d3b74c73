"""The way to the desk: nobody is refused, nothing is lost, and not for ever."""

import asyncio
from functools import partial

import pytest
from support.clamd_client import FakeDesk
from support.descriptors import descriptors
from support.serving import held, play, until

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.clamd import gate as gates
from clearward.faces.clamd.gate import Gate
from clearward.jail.broker import Unopened
from clearward.service.judgement import Judgement


def test_what_the_desk_has_no_room_for_waits_in_line() -> None:
    async def scene() -> None:
        before = descriptors()
        desk = FakeDesk(held=True, most=2)
        gate = Gate(desk)
        told: list[int] = []

        def note(number: int, _judgement: Judgement) -> None:
            told.append(number)

        for number in range(6):
            gate.submit(held(b"x"), "a", partial(note, number))
        while len(told) < 6:
            assert len(desk.slips) <= 2
            desk.release()
            await asyncio.sleep(0)
        assert told == [0, 1, 2, 3, 4, 5]
        assert descriptors() <= before

    play(scene)


def test_room_that_others_make_is_noticed() -> None:
    async def scene() -> None:
        desk = FakeDesk(most=0)
        gate = Gate(desk)
        told: list[Judgement] = []
        gate.submit(held(b"x"), "a", told.append)
        await asyncio.sleep(0.03)
        assert not told
        desk.most = 1
        await until(lambda: bool(told))
        gate.close()

    play(scene)


def test_who_waits_for_too_long_is_unscanned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "PATIENCE", 0.05)

    async def scene() -> None:
        before = descriptors()
        gate = Gate(FakeDesk(most=0))
        told: list[Judgement] = []
        gate.submit(held(b"x"), "a", told.append)
        await until(lambda: bool(told))
        assert told == [Judgement(Outcome.UNSCANNED, (), Reason.TIME_LIMIT)]
        assert descriptors() <= before
        gate.close()

    play(scene)


def test_what_is_cancelled_is_closed_and_not_told() -> None:
    async def scene() -> None:
        before = descriptors()
        desk = FakeDesk(held=True, most=1)
        gate = Gate(desk)
        told: list[Judgement] = []
        turns = [gate.submit(held(b"x"), "a", told.append) for _ in range(3)]
        for turn in turns:
            turn.cancel()
            turn.cancel()
        assert desk.cancelled == 1
        gate.submit(held(b"x"), "a", told.append)
        gate.close()
        desk.release()
        assert len(told) <= 1
        assert descriptors() <= before

    play(scene)


def test_a_line_that_is_long_enough_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "MOST_WAITING", 2)

    async def scene() -> None:
        gate = Gate(FakeDesk(most=0))
        for full in (False, False, True):
            assert gate.full is full
            gate.submit(held(b"x"), "a", lambda _: None)
        gate.close()
        assert not gate.full

    play(scene)


def test_what_could_not_be_opened_is_told_like_the_rest() -> None:
    async def scene() -> None:
        told: list[Judgement] = []
        gate = Gate(FakeDesk())
        gate.submit(Unopened(b"x", Reason.PERMISSION), "a", told.append)
        assert not told
        await until(lambda: bool(told))
        assert told[0].reasons is Reason.PERMISSION

    play(scene)
