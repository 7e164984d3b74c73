"""What many clients send ahead is bounded for all of them together."""

from pathlib import Path

import pytest
from support.icap_client import connect, reqmod, respmod
from support.icap_server import SLOW, Pretended, running
from support.serving import play, until

from clearward.faces.icap.ahead import Ahead

MOST = 30_000
HALF = b"OPTIONS icap://h/avscan ICAP/1.0\r\nA: " + b"x" * 20_000
LARGE = b"x" * 250_000


def test_it_counts_what_all_hold() -> None:
    ahead = Ahead(10)
    assert ahead.change(0, 6)
    assert ahead.change(0, 4)
    assert not ahead.change(0, 1)
    assert ahead.change(1, 0)
    assert ahead.change(6, 5)


def test_a_head_too_many_is_told_and_room_comes_back(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path, ahead=Ahead(MOST)) as icap:
            first = await connect(icap.port)
            first.send(HALF)
            await until(lambda: len(icap.server._links) == 1)  # noqa: SLF001 - inside
            (link,) = icap.server._links  # noqa: SLF001 - inside
            await until(lambda: link.conversation.buffered == len(HALF))
            second = await connect(icap.port)
            second.send(HALF)
            assert (await second.answer()).status == 503
            assert (await second.closed()) == b""
            await second.close()
            first.send(b"\r\n\r\n")
            assert (await first.answer()).status == 200
            third = await connect(icap.port)
            assert (await third.ask(HALF + b"\r\n\r\n")).status == 200
            await third.close()
            await first.close()

    play(scene)


def test_a_client_that_sends_too_far_ahead_is_cut(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path, ahead=Ahead(MOST)) as icap:
            client = await connect(icap.port)
            client.send(reqmod(SLOW))
            await until(lambda: desk.seen == [SLOW])
            client.send(LARGE)
            await until(lambda: desk.cancelled == 1)
            with pytest.raises((ConnectionError, EOFError)):
                await client.answer()
            await client.close()

    play(scene)


def test_bodies_do_not_count(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path, ahead=Ahead(MOST)) as icap:
            client = await connect(icap.port)
            for _ in range(3):
                assert (await client.ask(respmod(LARGE))).body == LARGE
            await client.close()

    play(scene)
