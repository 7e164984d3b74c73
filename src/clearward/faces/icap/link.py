"""One connection: between a socket and a conversation.

A connection on which nothing is said costs a few kilobytes and no task. Reading stops
while more is there than is being worked off, writing waits for a client that does not
read, and everything has a deadline.

A client that has closed its end has gone: it may wait for an answer, but nobody can
tell that from here, so what answers at once is still said, and what takes longer is
cancelled.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from typing_extensions import override

from clearward.faces.icap.ahead import Ahead
from clearward.faces.icap.protocol import Conversation, Event
from clearward.faces.icap.status import Fault, Status

MOST_BUFFERED = 64 * 1024  # bytes that are taken in ahead
MOST_DISCARDED = 64 * 1024 * 1024  # bytes that are read behind the last answer

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client is waited for, in seconds.

    Attributes:
        head: until a request that has begun is known, its heads of HTTP included.
        silence: in the middle of a body, or with an answer that is not read.
        body: for a whole body, whatever comes.
        idle: between requests.
        gone: for a verdict, after the client has closed its end.
        farewell: for what a client still sends after the last answer.
    """

    head: float = 30.0
    silence: float = 60.0
    body: float = 3600.0
    idle: float = 120.0
    gone: float = 0.05
    farewell: float = 5.0


class Gone(Exception):
    """The client has closed its end in the middle of a request."""


class Link(asyncio.BufferedProtocol):
    """One connection.

    Args:
        serve: handles one request; says whether the connection stays open.
        admit: is told of every connection; says whether it stays, or closes it.
        forget: is told of the end of every connection that was admitted.
        patience: how long to wait.
        ahead: counts what this and all other connections hold.

    Attributes:
        conversation: what is said.
        transport: the socket.
        busy: a request is being handled.
        last: no request is taken after the present one.
    """

    transport: asyncio.Transport

    def __init__(
        self,
        serve: Callable[["Link"], Awaitable[bool]],
        admit: Callable[["Link"], bool],
        forget: Callable[["Link"], None],
        *,
        patience: Patience,
        ahead: Ahead,
    ) -> None:
        self._serve = serve
        self._admit = admit
        self._forget = forget
        self.patience = patience
        self.conversation = Conversation()
        self._ahead = ahead
        self._held = 0  # bytes that `ahead` knows of
        self.last = False
        self._task: asyncio.Task[None] | None = None
        self._more: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False  # the client has closed its end
        self._judging = False
        self._discarded = -1  # bytes read behind the last answer; before that, -1
        self._admitted = False

    @property
    def busy(self) -> bool:
        """A request is being handled."""
        return self._task is not None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a stream is needed")
        self.transport = transport
        self._admitted = self._admit(self)
        if self._admitted:
            self._wait_idle()

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        return self._ahead.space

    @override
    def buffer_updated(self, nbytes: int) -> None:
        if self._discarded >= 0:
            self._discarded += nbytes
            if self._discarded > MOST_DISCARDED:
                self.transport.abort()
            return
        self.conversation.receive(self._ahead.space[:nbytes])
        if self.conversation.buffered > MOST_BUFFERED:
            self.transport.pause_reading()
        if self.conversation.waiting and not self._may_hold():
            self.transport.abort()
        if self._task is None and self.conversation.begun:
            self._stop_timer()
            self._task = asyncio.get_running_loop().create_task(self._run())
        _tell(self._more)

    @override
    def eof_received(self) -> bool:
        self._ended = True
        _tell(self._more)
        if self._judging:
            self._cancel_soon()
        return self._task is not None

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._stop_timer()
        _tell(self._more)
        if self._task is not None:
            self._task.cancel()
        self._ahead.change(self._held, 0)
        self._held = 0
        if self._admitted:
            self._forget(self)

    @override
    def pause_writing(self) -> None:
        self._room = asyncio.get_running_loop().create_future()

    @override
    def resume_writing(self) -> None:
        _tell(self._room)
        self._room = None

    async def event(self, until: float) -> Event:
        """Return the next event of the conversation.

        Args:
            until: when it is too late, on the event loop's clock.

        Raises:
            Fault: the client broke the protocol, or was too slow.
            Gone: the client has gone.
        """
        while True:
            event = self.conversation.next_event()
            if event is not None:
                return event
            if self._ended:
                raise Gone
            if not self._may_hold():
                raise Fault("amount sent ahead", Status.OVERLOADED)
            self.transport.resume_reading()
            loop = asyncio.get_running_loop()
            self._more = loop.create_future()
            until_next = until
            if self.conversation.in_body:
                until_next = min(until, loop.time() + self.patience.silence)
            try:
                async with asyncio.timeout_at(until_next):
                    await self._more
            except TimeoutError:
                raise Fault("pace", Status.TIMED_OUT) from None

    async def send(self, data: bytes) -> None:
        """Write, and wait until there is room for more.

        Raises:
            Gone: the client does not read.
        """
        self.transport.write(data)
        if self._room is not None:
            try:
                async with asyncio.timeout(self.patience.silence):
                    await self._room
            except TimeoutError:
                self.transport.abort()
                raise Gone from None

    async def judged(self, waiting: Awaitable[_T]) -> _T:
        """Wait for a verdict; it is cancelled, and all this with it, if nobody does."""
        self._judging = True
        if self._ended:
            self._cancel_soon()
        try:
            return await waiting
        finally:
            self._judging = False
            self._stop_timer()

    async def farewell(self) -> None:
        """Close, so that what was written last arrives.

        A socket that is closed with bytes unread is reset, and the client may never see
        the answer; so what it still sends is read and thrown away.
        """
        self._discarded = self.conversation.buffered
        if self._ended or self.transport.is_closing():
            self.transport.close()
            return
        self.transport.write_eof()
        self.transport.resume_reading()
        self._more = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self.patience.farewell):
                await self._more
        except TimeoutError:
            pass
        finally:
            self.transport.close()

    def stop(self) -> None:
        """End at once."""
        self.transport.abort()

    async def _run(self) -> None:
        """Handle requests until there is none; then this is no task any more."""
        try:
            stays = True
            while stays and self.conversation.begun and not self.transport.is_closing():
                stays = await self._serve(self)
            if not stays:
                await self.farewell()
        except Gone:
            self.transport.close()
        finally:
            self._task = None
        if self._ended or self.last:
            self.transport.close()
        else:
            self._may_hold()
            self.transport.resume_reading()
            self._wait_idle()

    def _may_hold(self) -> bool:
        """Note what is held until more comes, or until there is an answer."""
        before, self._held = self._held, self.conversation.buffered
        return self._ahead.change(before, self._held)

    def _wait_idle(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self.patience.idle, self.transport.close)

    def _cancel_soon(self) -> None:
        if self._task is not None and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self.patience.gone, self._give_up)

    def _give_up(self) -> None:
        if self._task is not None and self._judging:
            self._task.cancel()
            self.transport.abort()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _tell(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
