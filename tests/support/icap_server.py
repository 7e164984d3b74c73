"""A running ICAP server, before a desk that is real or one that only pretends."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from clearward.core.errors import Unavailable
from clearward.core.names import RuleName
from clearward.core.reasons import NONE, Reason
from clearward.core.verdict import Outcome
from clearward.faces.icap.ahead import Ahead
from clearward.faces.icap.link import Patience
from clearward.faces.icap.server import IcapServer
from clearward.jail.broker import Entry, OpenFile
from clearward.service.body import Storage
from clearward.service.context import Service
from clearward.service.desk import Busy, Desk
from clearward.service.in_force import Counts, InForce
from clearward.service.judgement import Judgement
from clearward.service.listening import (
    Allowed,
    Listeners,
    address_of,
    parse_address,
    parse_network,
)
from clearward.service.logs import logger
from clearward.service.metrics import Metrics
from support.icap_client import Client, connect
from support.marks import EICAR
from support.serving import Lines, play

SLOW = b"!slow"
BUSY = b"!busy"
NO_JAIL = b"!no-jail"
FAULT = b"!fault"
MOST = 300_000  # bytes of an object, before the pretended desk


@dataclass
class Pretended:
    """A desk that knows the test file, and what objects ask of it.

    ``!slow`` is never judged, ``!busy`` is refused, ``!REASON`` is unscanned for that.

    Attributes:
        seen: contents that were handed in.
        tenants: whose they were.
        cancelled: how often nobody waited any more.
    """

    digest: str = "ab" * 32
    seen: list[bytes] = field(default_factory=list)
    tenants: list[str] = field(default_factory=list)
    cancelled: int = 0
    reloading: bool = False
    ready: bool = True
    counts: Counts = field(default_factory=Counts)

    @property
    def in_force(self) -> InForce:
        """One rule."""
        if not self.ready:
            raise Unavailable("the jail is being started")
        now = datetime(2026, 11, 23, tzinfo=UTC)
        return InForce(1, self.digest, now, now)

    async def judge(
        self, entry: Entry, tenant: str, seconds: float | None = None
    ) -> Judgement:
        """Look at the first bytes."""
        assert isinstance(entry, OpenFile)
        assert seconds is None
        content = os.pread(entry.descriptor, entry.size, 0)
        entry.close()
        self.seen.append(content)
        self.tenants.append(tenant)
        if content.startswith(SLOW):
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled += 1
        if content.startswith(BUSY):
            raise Busy("too many wait")
        if content.startswith(NO_JAIL):
            raise Unavailable("gone")
        if content.startswith(FAULT):
            raise ZeroDivisionError
        return verdict_of(content)


def verdict_of(content: bytes) -> Judgement:
    """What the pretended desk says of some bytes."""
    size = len(content)
    if content.startswith(EICAR):
        rule = RuleName("Eicar-<Test>", "builtin", -1, "code")
        return Judgement(Outcome.FOUND, (rule,), size=size)
    reasons = NONE
    for reason in Reason:
        if content.startswith(b"!" + reason.word.encode()):
            reasons |= reason
    outcome = Outcome.UNSCANNED if reasons else Outcome.CLEAN
    return Judgement(outcome, reasons=reasons, size=size)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs.

    Attributes:
        port: on the loopback, where it listens.
        path: of the Unix socket where it listens.
        server: itself.
        service: what it works with.
        log: what it wrote.
    """

    port: int
    path: str
    server: IcapServer
    service: Service
    log: Lines


@asynccontextmanager
async def running(
    desk: Desk | Pretended,
    folder: Path,
    patience: Patience | None = None,
    *,
    most_links: int = 100,
    most: int = MOST,
    ahead: Ahead | None = None,
) -> AsyncIterator[Running]:
    """A server on the loopback, and on a Unix socket in `folder`."""
    log = Lines()
    known = cast("Desk", desk)
    service = Service(
        known,
        Storage(str(folder)),
        Allowed((parse_network("192.0.2.0/24"),)),
        logger(log, {}, "debug"),  # type: ignore[arg-type] # all that is used
        Metrics(known),
        most,
    )
    listeners = Listeners()
    path = str(folder / "icap")
    server = IcapServer(service, patience, most_links, ahead)
    try:
        opened = listeners.listen(parse_address("tcp:127.0.0.1:0"))
        opened += listeners.listen(parse_address(f"unix:{path}"))
        await server.start(opened)
        port = address_of(opened[0]).port
        yield Running(port, path, server, service, log)
    finally:
        await server.close(0)
        listeners.close()


def converse(
    folder: Path, scene: Callable[[Client, Pretended], Awaitable[None]]
) -> str:
    """Let a test talk with a server before a pretended desk; return its log."""
    logs = []

    async def whole() -> None:
        pretended = Pretended()
        async with running(pretended, folder) as icap:
            client = await connect(icap.port)
            await scene(client, pretended)
            await client.close()
            logs.append(icap.log)

    play(whole)
    return logs[0].text
