"""A server of the HTTP face with a desk that judges at a glance, and clients for it."""

import asyncio
import base64
import http.client
import io
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from support.marks import EICAR

from clearward.core.names import RuleName
from clearward.core.reasons import NONE, Reason
from clearward.core.verdict import Outcome
from clearward.faces.http.server import HttpServer
from clearward.faces.http.settings import HttpSettings
from clearward.jail.broker import Entry, Unopened
from clearward.service.body import Storage
from clearward.service.context import Service
from clearward.service.desk import Busy, Desk
from clearward.service.in_force import Counts, InForce
from clearward.service.judgement import Judgement
from clearward.service.listening import Allowed
from clearward.service.logs import logger
from clearward.service.metrics import Metrics

RULE = RuleName("Eicar-Test", "builtin", -1, "code")
LIMIT = 1 << 20
_LONGEST = 10.0  # seconds that something may take


@dataclass
class FakeDesk:
    """Finds EICAR anywhere, and says that a zip with a password is encrypted.

    Attributes:
        reason: what is said of everything, if it is not `NONE`.
        hold: judgements wait as long as this is set.
        full: no more are taken in.
    """

    reason: Reason = NONE
    hold: bool = False
    full: bool = False
    ready: bool = True
    reloading: bool = False
    level: str = "B"
    reloads: int = 0
    taken: int = 0
    cancelled: int = 0
    tenants: list[str] = field(default_factory=list)
    seconds: list[float | None] = field(default_factory=list)
    counts: Counts = field(default_factory=lambda: Counts(jobs=2))
    age: float = 3600.0

    @property
    def in_force(self) -> InForce:
        now = datetime.now(UTC)
        return InForce(7, "ab" * 32, now, now - timedelta(seconds=self.age))

    async def judge(
        self,
        entry: Entry,
        tenant: str,
        seconds: float | None = None,
        *,
        every: bool = False,
    ) -> Judgement:
        assert not isinstance(entry, Unopened)
        data = os.pread(entry.descriptor, entry.size + 1, 0)
        entry.close()
        if self.full:
            raise Busy("too many wait")
        self.taken += 1
        self.tenants.append(tenant)
        self.seconds.append(seconds)
        try:
            while self.hold:  # noqa: ASYNC110 - set by another thread
                await asyncio.sleep(0.002)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self._look(data, every=every)

    def _look(self, data: bytes, *, every: bool) -> Judgement:
        size = len(data)
        if self.reason:
            return Judgement(Outcome.UNSCANNED, (), self.reason, size, 1, 0.001)
        if EICAR in data:
            rules = (RULE, RULE) if every else (RULE,)
            return Judgement(Outcome.FOUND, rules, NONE, size, 1, 0.001)
        if data.startswith(b"PK\x03\x04") and data[6] & 1:
            return Judgement(Outcome.UNSCANNED, (), Reason.ENCRYPTED, size, 1, 0.001)
        return Judgement(Outcome.CLEAN, (), NONE, size, 1, 0.001)

    def reload(self) -> None:
        self.reloads += 1


def service(desk: FakeDesk, folder: str = "/tmp") -> Service:  # noqa: S108 - unnamed files
    return Service(
        desk=cast("Desk", desk),
        storage=Storage(folder),
        allowed=Allowed(),
        log=logger(io.StringIO(), {}),
        metrics=Metrics(cast("Desk", desk)),
        max_object=LIMIT,
    )


@dataclass
class Said:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)


@dataclass
class Running:
    """A server in a thread of its own, on a port of the loopback."""

    port: int
    desk: FakeDesk
    server: HttpServer
    close: Callable[[float], None]

    def ask(
        self,
        method: str,
        path: str,
        body: str | bytes | Iterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Said:
        """Ask on a connection of its own."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_LONGEST)
        try:
            client.request(method, path, body, dict(headers or {}))
            answer = client.getresponse()
            low = {name.lower(): value for name, value in answer.getheaders()}
            return Said(answer.status, low, answer.read())
        finally:
            client.close()

    def post(self, path: str, document: object) -> Said:
        """Post JSON."""
        kind = {"Content-Type": "application/json"}
        return self.ask("POST", path, json.dumps(document), kind)

    def connect(self) -> socket.socket:
        """A plain connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=_LONGEST)


@contextmanager
def running(
    settings: HttpSettings | None = None,
    desk: FakeDesk | None = None,
    family: str = "127.0.0.1",
) -> Iterator[Running]:
    """Run a server while the block runs."""
    desk = desk or FakeDesk()
    server = HttpServer(service(desk), settings or HttpSettings())
    listener = _listener(family)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(server.start([listener]))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def close(grace: float) -> None:
        asyncio.run_coroutine_threadsafe(server.close(grace), loop).result(_LONGEST)

    port = 0 if family != "127.0.0.1" else listener.getsockname()[1]
    try:
        yield Running(port, desk, server, close)
    finally:
        desk.hold = False
        close(0.0)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_LONGEST)
        loop.close()


def _listener(family: str) -> socket.socket:
    if family == "127.0.0.1":
        return socket.create_server((family, 0))
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(family)
    listener.listen()
    return listener


def until(condition: Callable[[], bool], seconds: float = _LONGEST) -> float:
    """Wait until something is true; return how long that took, in seconds."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds, "it does not happen"
        time.sleep(0.002)
    return time.monotonic() - start


def memory(content: bytes, **more: object) -> dict[str, object]:
    """A scan request that carries some bytes."""
    return {"object": base64.b64encode(content).decode("ascii"), **more}


def encrypted_zip() -> bytes:
    """The beginning of a zip whose first member has a password."""
    return b"PK\x03\x04" + bytes((20, 0, 1, 0)) + bytes(30)
