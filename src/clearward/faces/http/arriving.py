"""The body of a request as it arrives, with deadlines, and notice of who left.

A client that sends a byte a second would hold its connection and its place in memory
for ever; one that sends nothing, too. Only the time that is waited for the client
counts, not the time in which nothing was asked of it.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.types import Receive

from clearward.faces.http.answers import Gone, Rejected

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a body has to arrive.

    Attributes:
        silence: most seconds between two pieces.
        grace: seconds of waiting that nobody minds.
        rate: bytes a second, on average, after that.
    """

    silence: float = 30.0
    grace: float = 20.0
    rate: float = 2048.0


async def pieces(receive: Receive, pace: Pace) -> AsyncIterator[bytes]:
    """Yield the pieces of a body, none of them empty.

    Raises:
        Gone: the client left before its body was there.
        Rejected: it is too slow.
    """
    loop = asyncio.get_running_loop()
    waited, size, more = 0.0, 0, True
    while more:
        left = pace.grace + size / pace.rate - waited
        start = loop.time()
        try:
            async with asyncio.timeout(min(left, pace.silence)):
                message = await receive()
        except TimeoutError:
            raise Rejected(408, "too-slow", "the body did not arrive in time") from None
        waited += loop.time() - start
        if message["type"] == "http.disconnect":
            raise Gone("the client left")
        piece, more = message.get("body", b""), message.get("more_body", False)
        size += len(piece)
        if piece:
            yield piece


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """Return what `work` returns; cancel it as soon as the client has left.

    Raises:
        Gone: the client left.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(receive))
    both = (working, leaving)
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Gone("the client left")
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)


async def _left(receive: Receive) -> None:
    """Return when the client has left; its body was read before."""
    while (await receive())["type"] != "http.disconnect":
        pass
