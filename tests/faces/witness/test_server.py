"""Behaviour of the witness's server, on real sockets."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from clearward.faces.witness.server import Bounds, WitnessServer
from clearward.updates.witness import Answer

GOOD = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 4\r\n\r\nbody"
Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


async def said(body: bytes) -> Answer:
    return Answer(200, f"{body.decode()}\n")


def played(client: Client, bounds: Bounds | None = None) -> bytes:
    async def play() -> bytes:
        listening = socket.create_server(("127.0.0.1", 0))
        server = WitnessServer(said, bounds)
        await server.start([listening])
        try:
            async with asyncio.timeout(20):
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                try:
                    return await client(reader, writer)
                finally:
                    writer.close()
        finally:
            await server.close(0)

    return asyncio.run(play())


def test_requests_on_one_connection_are_answered_in_their_order() -> None:
    async def client(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes:
        writer.write(GOOD + GOOD.replace(b"body", b"more"))
        writer.write_eof()
        return await reader.read()

    answer = played(client)
    assert answer.index(b"body\n") < answer.index(b"more\n")


@pytest.mark.parametrize("sent", [b"", GOOD[:-1]])
def test_who_does_not_go_on_is_let_go(sent: bytes) -> None:
    async def client(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes:
        writer.write(sent)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""

    assert played(client, Bounds(idle=0.05, request=0.05)) == b""


def test_more_connections_than_there_may_be_are_closed() -> None:
    async def client(
        reader: asyncio.StreamReader, _writer: asyncio.StreamWriter
    ) -> bytes:
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""

    assert played(client, Bounds(connections=0)) == b""


def test_what_is_no_request_is_answered_before_the_end() -> None:
    async def client(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes:
        writer.write(b"nothing of HTTP\r\n\r\n")
        answer = await reader.read()
        writer.write_eof()
        return answer

    assert played(client).startswith(b"HTTP/1.1 400")
