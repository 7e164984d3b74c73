"""Tests of clearward.faces.http.arriving."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message

from clearward.faces.http.answers import Gone, Rejected
from clearward.faces.http.arriving import Pace, pieces, unless_gone

Receive = Callable[[], Awaitable[Message]]


def sends(*messages: Message, every: float = 0.0) -> Receive:
    """Give one message after another, then nothing."""
    waiting = list(messages)

    async def receive() -> Message:
        await asyncio.sleep(every if waiting else 3600)
        return waiting.pop(0)

    return receive


def piece(data: bytes, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


LEFT: Message = {"type": "http.disconnect"}


def read(receive: Receive, pace: Pace) -> list[bytes]:
    async def gather() -> list[bytes]:
        return [each async for each in pieces(receive, pace)]

    return asyncio.run(asyncio.wait_for(gather(), 10))


def test_a_body_comes_in_pieces_none_of_them_empty() -> None:
    receive = sends(piece(b"a"), piece(b""), piece(b"b"), piece(b"", more=False))
    assert read(receive, Pace()) == [b"a", b"b"]


def test_who_leaves_is_gone() -> None:
    with pytest.raises(Gone):
        read(sends(piece(b"a"), LEFT), Pace())


def test_who_stops_is_too_slow() -> None:
    with pytest.raises(Rejected) as caught:
        read(sends(piece(b"a")), Pace(silence=0.05, grace=60))
    assert caught.value.status == 408


def test_who_sends_a_little_now_and_then_is_too_slow() -> None:
    receive = sends(*[piece(b"a")] * 100, piece(b"", more=False), every=0.01)
    with pytest.raises(Rejected):
        read(receive, Pace(silence=60, grace=0.1, rate=2048))


def test_who_is_as_fast_as_the_rate_may_go_on_for_ever() -> None:
    receive = sends(*[piece(b"a" * 100)] * 30, piece(b"", more=False), every=0.01)
    assert len(read(receive, Pace(silence=60, grace=0.1, rate=200))) == 30


def test_work_is_cancelled_when_the_client_leaves() -> None:
    cancelled = []

    async def work() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    with pytest.raises(Gone):
        asyncio.run(unless_gone(sends(piece(b""), LEFT), work()))
    assert cancelled == [True]


def test_work_that_is_done_first_has_its_result_or_its_error() -> None:
    async def work() -> int:
        return 7

    async def fails() -> int:
        raise ZeroDivisionError

    assert asyncio.run(unless_gone(sends(), work())) == 7
    with pytest.raises(ZeroDivisionError):
        asyncio.run(unless_gone(sends(), fails()))
