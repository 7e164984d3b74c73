"""Slow clients, silent ones, and those that go away."""

import asyncio
import socket
import struct
from pathlib import Path

import pytest
from support.icap_client import Client, chunked, connect, reqmod, request, respmod
from support.icap_server import SLOW, Pretended, Running, running
from support.serving import play, until

from clearward.faces.icap import link
from clearward.faces.icap.link import MOST_BUFFERED, Patience

OPTIONS = b"OPTIONS icap://h/avscan ICAP/1.0\r\n\r\n"
SHORT = Patience(head=0.1, silence=0.1, idle=0.1, farewell=0.1)
MUCH = b"x" * 250_000
RESET = struct.pack("ii", 1, 0)  # closing a socket is a reset: socket(7), SO_LINGER


async def serves(icap: Running) -> None:
    """Somebody else is served."""
    client = await connect(icap.port)
    assert (await client.ask(reqmod(b"hello", "Allow: 204"))).status == 204
    await client.close()


def test_a_silent_connection_is_closed_without_a_word(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path, SHORT) as icap:
            for said in (b"", b"\r\n"):
                client = await connect(icap.port)
                client.send(said)
                assert await client.closed() == b""
                await client.close()

    play(scene)


@pytest.mark.parametrize("place", [1, 40, 150, -70, -20, -3])
def test_half_a_request_is_told_that_it_is_late(tmp_path: Path, place: int) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path, SHORT) as icap:
            client = await connect(icap.port)
            client.send(respmod(b"x" * 60)[:place])
            answer = await client.answer()
            assert answer.status == 408
            assert answer.fields["connection"] == "close"
            assert await client.closed() == b""
            await client.close()

    play(scene)


def test_a_body_may_take_long_but_not_for_ever(tmp_path: Path) -> None:
    patience = Patience(silence=10, body=0.3)

    async def trickle(client: Client) -> None:
        while True:
            client.send(b"1\r\nx\r\n")
            await asyncio.sleep(0.02)

    async def scene() -> None:
        async with running(Pretended(), tmp_path, patience) as icap:
            client = await connect(icap.port)
            client.send(respmod(b"")[: -len(b"0\r\n\r\n")])
            task = asyncio.create_task(trickle(client))
            assert (await client.answer()).status == 408
            task.cancel()
            await client.close()

    play(scene)


def test_a_client_that_has_gone_costs_no_worker(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path) as icap:
            client = await connect(icap.port)
            client.send(reqmod(SLOW))
            await until(lambda: desk.seen == [SLOW])
            await client.close()
            assert await until(lambda: desk.cancelled == 1) < 1.0
            await serves(icap)

    play(scene)


def test_a_client_that_resets_costs_no_worker(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path) as icap:
            client = await connect(icap.port)
            client.send(reqmod(SLOW))
            await until(lambda: desk.seen == [SLOW])
            one = client.writer.get_extra_info("socket")
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.writer.transport.abort()
            await until(lambda: desk.cancelled == 1)

    play(scene)


def test_what_answers_at_once_is_said_to_a_client_that_says_no_more(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path, Patience(gone=10)) as icap:
            client = await connect(icap.port)
            client.send(reqmod(b"x", "Allow: 204"))
            client.writer.write_eof()
            assert (await client.answer()).status == 204
            assert await client.closed() == b""
            await client.close()

    play(scene)


def test_a_client_that_goes_in_the_middle_gets_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path) as icap:
            room = icap.service.storage.room
            for place in (1, 100, -10):
                client = await connect(icap.port)
                client.send(reqmod(b"x" * 5000)[:place])
                client.writer.write_eof()
                assert await client.closed() == b""
                await client.close()
            assert desk.seen == []
            assert icap.service.storage.room == room

    play(scene)


def test_what_comes_ahead_of_an_answer_is_not_taken_in(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path) as icap:
            client = await connect(icap.port)
            client.send(reqmod(SLOW))
            await until(lambda: desk.seen == [SLOW])
            (held,) = icap.server._links  # noqa: SLF001 - nothing outside shows it
            client.send(b"x" * (64 << 20))
            await until(lambda: held.conversation.buffered > MOST_BUFFERED)
            assert not held.transport.is_reading()
            assert held.conversation.buffered < 4 * MOST_BUFFERED
            client.writer.transport.abort()

    play(scene)


def test_a_client_that_does_not_read_is_cut(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        patience = Patience(silence=0.2)
        async with running(desk, tmp_path, patience, most=1 << 30) as icap:
            one = socket.create_connection(("127.0.0.1", icap.port))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.setblocking(False)  # noqa: FBT003 - its only name
            loop = asyncio.get_running_loop()
            for _ in range(40):
                sending = loop.sock_sendall(one, reqmod(MUCH))
                try:
                    await asyncio.wait_for(sending, 5)
                except (TimeoutError, ConnectionError):
                    break
            await until(lambda: not icap.server._links)  # noqa: SLF001 - as above
            one.close()
            await serves(icap)

    play(scene)


def test_many_requests_may_come_at_once(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path) as icap:
            client = await connect(icap.port)
            asks = [OPTIONS, reqmod(b"x", "Allow: 204"), respmod(MUCH)] * 5
            client.send(b"".join(asks) + b"\r\n\r\n")
            for _ in range(5):
                assert "methods" in (await client.answer()).fields
                assert (await client.answer()).status == 204
                assert (await client.answer()).body == MUCH
            await client.close()

    play(scene)


def test_a_last_request_is_answered_and_what_follows_is_not(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path) as icap:
            client = await connect(icap.port)
            closing = reqmod(b"x", "Allow: 204", "Connection: close")
            client.send(closing + reqmod(b"y") + MUCH)
            assert (await client.answer()).fields["connection"] == "close"
            assert await client.closed() == b""
            await client.close()
            assert desk.seen == [b"x"]

    play(scene)


def test_the_answer_to_a_fault_arrives_though_more_is_sent(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path) as icap:
            client = await connect(icap.port)
            client.send(b"GET / HTTP/1.1\r\n\r\n" + b"x" * (8 << 20))
            assert (await client.answer()).status == 400
            assert await client.closed() == b""
            await client.close()

    play(scene)


def test_what_is_thrown_away_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "MOST_DISCARDED", 1 << 20)

    async def scene() -> None:
        async with running(Pretended(), tmp_path, Patience(farewell=100)) as icap:
            client = await connect(icap.port)
            client.send(b"GET / HTTP/1.1\r\n\r\n" + b"x" * (64 << 20))
            await until(lambda: not icap.server._links)  # noqa: SLF001 - as above
            await client.close()

    play(scene)


def test_a_byte_at_a_time_costs_nobody_else(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path) as icap:
            slow = [await connect(icap.port) for _ in range(50)]
            data = request("RESPMOD", {}, chunked(b"mail"), "Allow: 204")
            for at in range(len(data)):
                for client in slow:
                    client.send(data[at : at + 1])
                if not at % 40:
                    await serves(icap)
            for client in slow:
                assert (await client.answer()).status == 204
                await client.close()

    play(scene)
