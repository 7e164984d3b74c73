"""Tests of clearward.faces.http.office."""

import asyncio
import os

import pytest
from faces.http.fake import FakeDesk, service

from clearward.core.verdict import Outcome
from clearward.faces.http.folders import Folders
from clearward.faces.http.gate import Caller, Gate
from clearward.faces.http.office import Office, Wish
from clearward.faces.http.settings import HttpSettings
from clearward.jail.broker import OpenFile
from clearward.service.body import Body


def office(desk: FakeDesk) -> Office:
    whole, settings = service(desk), HttpSettings()
    gate = Gate(settings, whole.allowed, whole.log)
    return Office(whole, settings, gate, Folders(()), lambda: False)


def entry(place: Office) -> OpenFile:
    with Body(place.service.storage, 9) as body:
        body.write(b"x")
        return body.entry(b"x")


def test_what_was_judged_is_counted() -> None:
    place = office(FakeDesk())
    asyncio.run(place.judge(entry(place), Caller("ip:x"), Wish()))
    assert place.tally.objects[Outcome.CLEAN] == 1
    assert place.tally.sizes[Outcome.CLEAN] == 1


def test_an_object_whose_turn_never_comes_is_closed() -> None:
    place = office(FakeDesk())
    opened = entry(place)

    async def give_up() -> None:
        turn = asyncio.Semaphore(0)
        judging = place.judge_in_turn(turn, opened, Caller("ip:x"), Wish())
        task = asyncio.ensure_future(judging)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(give_up())
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(opened.descriptor)
