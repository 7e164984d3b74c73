"""The server of the witness: sockets in, answers out, inside the running event loop."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from clearward.faces.witness.exchange import Asked, Exchange
from clearward.updates.witness import Answer

_PIECE = 65_536  # bytes


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one client may take.

    Attributes:
        idle: seconds between two requests.
        request: seconds in which a whole request has to arrive.
        answer: seconds in which an answer has to be taken.
        connections: at a time; more are closed at once.
    """

    idle: float = 60.0
    request: float = 15.0
    answer: float = 15.0
    connections: int = 1024


class WitnessServer:
    """Answers add-checkpoint.

    Args:
        ask: gives the answer to the body of a request.
        bounds: of a client.
    """

    def __init__(
        self, ask: Callable[[bytes], Awaitable[Answer]], bounds: Bounds | None = None
    ) -> None:
        self._ask = ask
        self._bounds = bounds or Bounds()
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, listeners: Sequence[socket.socket]) -> None:
        """Begin to answer on sockets that are bound."""
        for one in listeners:
            self._servers.append(await asyncio.start_server(self._connected, sock=one))

    async def close(self, grace: float) -> None:
        """Answer nobody new, give `grace` seconds to who waits, then end."""
        for server in self._servers:
            server.close()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - the loop runs this
        self._tasks.add(task)
        try:
            # Whoever stops in the middle, or is slow, is let go without a word.
            with suppress(OSError, TimeoutError):
                if len(self._tasks) <= self._bounds.connections:
                    await self._talk(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        exchange = Exchange()
        while not exchange.over:
            async with asyncio.timeout(self._bounds.idle) as deadline:
                asked = exchange.next()
                begun = False
                while asked is None:
                    writer.write(exchange.wanted())
                    data = await reader.read(_PIECE)
                    if not data:
                        return
                    if not begun:
                        begun = True
                        deadline.reschedule(_now() + self._bounds.request)
                    exchange.receive(data)
                    asked = exchange.next()
            if isinstance(asked, Asked):
                said = await self._ask(asked.body)
            else:
                said = asked.answer
            writer.write(exchange.answer(said))
            async with asyncio.timeout(self._bounds.answer):
                await writer.drain()
        writer.write_eof()
        async with asyncio.timeout(self._bounds.answer):
            # Closing on what still arrives would take the answer away from the client.
            while await reader.read(_PIECE):
                pass


def _now() -> float:
    return asyncio.get_running_loop().time()
