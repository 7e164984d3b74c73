"""Takes connections of clamd's clients, and looks after those that are there."""

import asyncio
import errno
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress

from clearward.faces.clamd import peers
from clearward.faces.clamd.channel import Channel
from clearward.faces.clamd.connection import Connection
from clearward.faces.clamd.settings import ClamdSettings
from clearward.faces.clamd.shared import FACE, Shared
from clearward.service.context import Service

AT_ONCE = 64  # connections that are accepted before others get their turn
SWEEP = 0.25  # seconds between two looks at all deadlines
GLANCE = 0.02  # seconds after which connections are looked at again
PAUSE = 0.05  # seconds without accepting, when there is no room
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class ClamdServer:
    """The clamd face.

    Args:
        service: what faces share.
        settings: of this face.
        stop: ends the whole server, as SHUTDOWN asks for.
    """

    def __init__(
        self,
        service: Service,
        settings: ClamdSettings,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._service = service
        self._settings = settings
        self._stop = stop
        self._shared: Shared | None = None
        self._listeners: list[socket.socket] = []
        self._connections: set[Channel] = set()
        self._halved: set[Channel] = set()
        self._unwatched: list[Channel] = []
        self._quiet = asyncio.Event()  # set when a connection ends
        self._timers: dict[str, asyncio.TimerHandle] = {}

    async def start(self, listeners: Sequence[socket.socket]) -> None:
        """Take connections; it returns as soon as they are taken."""
        loop = asyncio.get_running_loop()
        self._shared = Shared(self._service, self._settings, self._stop, loop)
        self._shared.closed = self._closed
        self._shared.half_closed = self._half_closed
        self._listeners = list(listeners)
        self._listen()
        self._later("sweep", SWEEP, self._sweep)

    async def close(self, grace: float) -> None:
        """Take no more, and let those that are there end.

        Args:
            grace: seconds after which they are cut.
        """
        self._deafen()
        self._listeners = []
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle(), grace)
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for connection in tuple(self._connections):
            connection.leave()
        if self._shared is not None:
            self._shared.gate.close()
            self._shared.threads.shutdown(wait=False)

    async def _idle(self) -> None:
        """Wait until nobody is owed anything."""
        while any(one.busy for one in self._connections):
            self._quiet.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), GLANCE)

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for listener in self._listeners:
            loop.add_reader(listener.fileno(), self._accept, listener)

    def _deafen(self) -> None:
        loop = asyncio.get_running_loop()
        for listener in self._listeners:
            loop.remove_reader(listener.fileno())

    def _accept(self, listener: socket.socket) -> None:
        """Take those that wait, and what they have sent already."""
        shared = self._shared
        if shared is None:
            return
        for _ in range(AT_ONCE):
            if shared.gate.full:
                self._pause()
                return
            try:
                sock, address = listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                self._pause()
                return
            self._begin(shared, sock, address)

    def _begin(self, shared: Shared, sock: socket.socket, address: object) -> None:
        sock.settimeout(0.0)
        if not self._service.allowed(peers.numeric(address)):
            sock.close()
            shared.refuse()
            return
        try:
            tenant = peers.tenant_of(sock, address)
        except OSError:  # it has left meanwhile
            sock.close()
            return
        connection = Connection(shared, sock, tenant)
        self._service.metrics.opened(FACE)
        self._connections.add(connection)
        connection.readable()
        if connection.open:
            self._unwatched.append(connection)
            self._later("glance", GLANCE, self._glance)

    def _pause(self) -> None:
        """Let the others wait in the queue of the kernel."""
        self._deafen()
        self._later("pause", PAUSE, self._listen)

    def _glance(self) -> None:
        """Watch those that have an object with the desk for longer than most.

        A client that leaves is noticed then; for the others it is not worth the calls.
        """
        waiting, self._unwatched = self._unwatched, []
        for connection in waiting:
            connection.keep_watch()
        for connection in tuple(self._halved):
            connection.look()
        if self._halved:
            self._later("glance", GLANCE, self._glance)

    def _half_closed(self, connection: Channel) -> None:
        self._halved.add(connection)
        self._later("glance", GLANCE, self._glance)

    def _closed(self, connection: Channel) -> None:
        self._connections.discard(connection)
        self._halved.discard(connection)
        self._quiet.set()
        self._service.metrics.closed(FACE)

    def _later(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        """Call something once, however often it was asked for."""
        if name not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[name] = loop.call_later(seconds, self._run, name, call)

    def _run(self, name: str, call: Callable[[], None]) -> None:
        del self._timers[name]
        call()

    def _sweep(self) -> None:
        """Look at every deadline."""
        now = asyncio.get_running_loop().time()
        for connection in [one for one in self._connections if one.deadline < now]:
            connection.expired()
        self._later("sweep", SWEEP, self._sweep)
