"""The server as a whole: who may come, how many, and its end."""

import asyncio
import os
import socket
import struct
from pathlib import Path

import pytest
from support.icap_client import Client, connect, reqmod
from support.icap_server import SLOW, Pretended, running
from support.serving import play, until

from clearward.faces.icap import server
from clearward.service.listening import Listeners, parse_address

OPTIONS = b"OPTIONS icap://h/avscan ICAP/1.0\r\n\r\n"
SILENT = 500
MOST_KIB = 20  # a silent connection, client's side included


def resident() -> int:
    """Memory of this process, in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("VmRSS:")]
    return int(line.split()[1])


def queue(one: socket.socket) -> int:
    """Connections that may wait to be accepted: tcp(7), TCP_INFO of a listener."""
    told = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 64)
    return int(struct.unpack_from("I", told, 28)[0])


def test_as_many_may_wait_as_the_socket_was_opened_for(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path) as icap:
            listeners = Listeners()
            opened = listeners.listen(parse_address("tcp:127.0.0.1:0"))
            before = queue(opened[0])
            another = server.IcapServer(icap.service)
            await another.start(opened)
            assert queue(opened[0]) == before
            await another.close(0)
            listeners.close()

    play(scene)


def test_whose_objects_they_are(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path) as icap:
            client = await connect(icap.port)
            await client.ask(reqmod(b"x"))
            await client.close()
            local = Client(*await asyncio.open_unix_connection(icap.path))
            await local.ask(reqmod(b"x"))
            await local.close()
            assert desk.tenants == ["ip:127.0.0.1", f"uid:{os.geteuid()}"]

    play(scene)


def test_who_is_not_allowed_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_peer", lambda _link: "198.51.100.1")

    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path) as icap:
            client = await connect(icap.port)
            client.send(reqmod(b"x"))
            with pytest.raises((ConnectionError, EOFError)):
                await client.answer()
            await client.close()
            assert "not allowed" in icap.log.text
            assert desk.seen == []

    play(scene)


def test_who_is_allowed_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_peer", lambda _link: "192.0.2.1")

    async def scene() -> None:
        async with running(Pretended(), tmp_path) as icap:
            client = await connect(icap.port)
            assert (await client.ask(OPTIONS)).status == 200
            await client.close()

    play(scene)


def test_one_connection_too_many_is_told(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path, most_links=2) as icap:
            first, second = await connect(icap.port), await connect(icap.port)
            assert (await first.ask(OPTIONS)).status == 200
            assert (await second.ask(OPTIONS)).status == 200
            third = await connect(icap.port)
            assert (await third.answer()).status == 503
            await first.close()
            await third.close()
            await until(lambda: len(icap.server._links) == 1)  # noqa: SLF001 - inside
            fourth = await connect(icap.port)
            assert (await fourth.ask(OPTIONS)).status == 200
            await fourth.close()
            await second.close()

    play(scene)


def test_an_end_lets_requests_be_answered(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path) as icap:
            silent, busy = await connect(icap.port), await connect(icap.port)
            await silent.ask(OPTIONS)
            ask = reqmod(b"x" * 100, "Allow: 204")
            busy.send(ask[:-20])
            await until(lambda: any(link.busy for link in icap.server._links))  # noqa: SLF001 - inside
            closing = asyncio.create_task(icap.server.close(10))
            assert await silent.closed() == b""
            busy.send(ask[-20:])
            assert (await busy.answer()).status == 204
            assert await busy.closed() == b""
            await asyncio.wait_for(closing, 5)
            with pytest.raises(ConnectionError):
                await connect(icap.port)
            await silent.close()
            await busy.close()

    play(scene)


def test_an_end_waits_no_longer_than_its_grace(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = Pretended()
        async with running(desk, tmp_path) as icap:
            client = await connect(icap.port)
            client.send(reqmod(SLOW))
            await until(lambda: desk.seen == [SLOW])
            await asyncio.wait_for(icap.server.close(0.05), 5)
            await until(lambda: desk.cancelled == 1)
            await client.close()

    play(scene)


def test_silent_connections_are_small_and_leave_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path, most_links=SILENT + 1) as icap:
            before, open_before = resident(), len(os.listdir("/proc/self/fd"))
            clients = [await connect(icap.port) for _ in range(SILENT)]
            await until(lambda: len(icap.server._links) == SILENT)  # noqa: SLF001 - inside
            assert resident() - before < SILENT * MOST_KIB
            another = await connect(icap.port)
            assert (await another.ask(OPTIONS)).status == 200
            for client in (another, *clients):
                await client.close()
            await until(lambda: not icap.server._links)  # noqa: SLF001 - inside
            assert len(os.listdir("/proc/self/fd")) <= open_before

    play(scene)
