"""The ICAP server: takes connections, and gives each request to an exchange."""

import asyncio
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress

from clearward.core.errors import Unavailable
from clearward.faces.icap import answers
from clearward.faces.icap.ahead import Ahead
from clearward.faces.icap.exchange import Exchange
from clearward.faces.icap.link import Gone, Link, Patience
from clearward.faces.icap.status import Status
from clearward.service.context import Service
from clearward.service.listening import BACKLOG

MOST_LINKS = 20_000
_CREDENTIALS = struct.Struct("3i")  # process, user, group: unix(7), SO_PEERCRED


class IcapServer:
    """Answers ICAP on some sockets.

    Args:
        service: judges objects.
        patience: how long clients are waited for.
        most_links: connections that are open at a time.
        ahead: counts what they hold.
    """

    def __init__(
        self,
        service: Service,
        patience: Patience | None = None,
        most_links: int = MOST_LINKS,
        ahead: Ahead | None = None,
    ) -> None:
        self._service = service
        self._patience = patience or Patience()
        self._most_links = most_links
        self._servers: list[asyncio.Server] = []
        self._ahead = ahead or Ahead()
        self._links: set[Link] = set()
        self._empty = asyncio.Event()
        self._tag = answers.tag_of("none")

    async def start(self, listeners: Sequence[socket.socket]) -> None:
        """Take connections; it returns as soon as they are taken."""
        loop = asyncio.get_running_loop()
        for one in listeners:
            is_unix = one.family == socket.AF_UNIX
            create = loop.create_unix_server if is_unix else loop.create_server
            # Left out, asyncio would set the queue of the socket to 100.
            server = await create(self._link, sock=one, backlog=BACKLOG)
            self._servers.append(server)

    async def close(self, grace: float) -> None:
        """Take no more connections; let requests that have begun be answered.

        Args:
            grace: seconds after which they are cut.
        """
        for server in self._servers:
            server.close()
        for link in list(self._links):
            link.last = True
            if not link.busy:
                link.transport.close()
        try:
            async with asyncio.timeout(grace):
                while self._links:
                    self._empty.clear()
                    await self._empty.wait()
        except TimeoutError:
            for link in list(self._links):
                link.stop()
        self._servers.clear()

    def _link(self) -> Link:
        return Link(
            self._serve,
            self._admit,
            self._forget,
            patience=self._patience,
            ahead=self._ahead,
        )

    def _admit(self, link: Link) -> bool:
        peer = _peer(link)
        if not self._service.allowed(peer):
            self._service.log.warning("not allowed", face="icap", peer=peer)
            link.stop()
            return False
        if len(self._links) >= self._most_links:
            manner = answers.Manner(self._tag, closes=True)
            link.transport.write(answers.refusal(manner, Status.OVERLOADED))
            link.transport.close()
            return False
        self._links.add(link)
        self._service.metrics.opened("icap")
        return True

    def _forget(self, link: Link) -> None:
        self._links.discard(link)
        self._service.metrics.closed("icap")
        if not self._links:
            self._empty.set()

    async def _serve(self, link: Link) -> bool:
        exchange = Exchange(self._service, link, _tenant(link), self._now())
        try:
            return await exchange.run()
        except Gone:
            raise
        except Exception:
            # The outermost loop of a server: a fault of ours ends this connection, and
            # the others go on.
            self._service.log.exception("fault", face="icap")
            self._service.metrics.refused("icap")
            link.stop()
            return False

    def _now(self) -> str:
        """The tag of the rules in force, or of the last that were.

        It is taken before an object is judged: if rules change meanwhile, a proxy that
        stores the answer under the old tag forgets it too early, never too late.
        """
        with suppress(Unavailable):
            self._tag = answers.tag_of(self._service.desk.in_force.mark)
        return self._tag


def _peer(link: Link) -> str:
    """The numeric address of a client; empty behind a Unix socket."""
    name = link.transport.get_extra_info("peername")
    return str(name[0]) if isinstance(name, tuple) else ""


def _tenant(link: Link) -> str:
    """Whose objects come from a client: its address', or its user's on this machine."""
    peer = _peer(link)
    if peer:
        return f"ip:{peer}"
    one = link.transport.get_extra_info("socket")
    size = _CREDENTIALS.size
    told = one.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    return f"uid:{_CREDENTIALS.unpack(told)[1]}"
