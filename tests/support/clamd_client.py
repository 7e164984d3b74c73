"""A client of clamd that sends anything, and a server whose desk only pretends."""

import array
import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from clearward.core.names import RuleName
from clearward.core.verdict import Outcome
from clearward.faces.clamd.server import ClamdServer
from clearward.faces.clamd.settings import ClamdSettings
from clearward.jail.broker import Entry, OpenFile, Unopened
from clearward.service.body import Storage
from clearward.service.context import Service
from clearward.service.desk import Busy, Desk
from clearward.service.in_force import Counts, InForce
from clearward.service.judgement import Judgement
from clearward.service.listening import Allowed
from clearward.service.logs import logger
from clearward.service.metrics import Metrics
from support.marks import EICAR
from support.serving import Lines

NAME = RuleName("Eicar-Test-Signature", "local", 0, "clamav")
SECOND = RuleName("Second", "local", 0, "clamav")
FOUND = b"Eicar-Test-Signature.UNOFFICIAL FOUND"
BUILT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

_ANYBODY_HERE = Allowed()

Address = str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Passed:
    """Bytes that carry descriptors; these are closed once they were sent."""

    descriptors: Sequence[int]
    data: bytes = b"X"


@dataclass(frozen=True, slots=True)
class Answers:
    """Wait until so many bytes were received."""

    count: int = 1


class Half:
    """Send nothing more."""


Step = bytes | Passed | Answers | Half | float


def connected(address: Address, patience: float = 10.0) -> socket.socket:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM)
    one.settimeout(patience)
    one.connect(address)
    return one


def talk(address: Address, *steps: Step, patience: float = 10.0) -> bytes:
    """Send all of it, and return what the server said until it closed."""
    got = bytearray()
    with connected(address, patience) as one:
        with suppress(BrokenPipeError, ConnectionResetError):
            for step in steps:
                _do(one, step, got)
        while data := one.recv(1 << 16):
            got += data
    return bytes(got)


def _do(one: socket.socket, step: Step, got: bytearray) -> None:
    if isinstance(step, bytes):
        one.sendall(step)
    elif isinstance(step, Passed):
        _pass(one, step)
    elif isinstance(step, Half):
        one.shutdown(socket.SHUT_WR)
    elif isinstance(step, Answers):
        while len(got) < step.count and (data := one.recv(1 << 16)):
            got += data
    else:
        time.sleep(step)  # the recording has it


def _pass(one: socket.socket, step: Passed) -> None:
    numbers = array.array("i", step.descriptors)
    control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)] if numbers else []
    try:
        one.sendmsg([step.data], control)
    finally:
        for descriptor in step.descriptors:
            os.close(descriptor)


def stream(*pieces: bytes, command: bytes = b"zINSTREAM\0") -> bytes:
    """A whole INSTREAM."""
    sent = b"".join(len(piece).to_bytes(4, "big") + piece for piece in pieces)
    return command + sent + bytes(4)


class Slip:
    """What the desk that pretends gives for an object."""

    def __init__(
        self, desk: "FakeDesk", entry: Entry, done: Callable[[Judgement], None]
    ) -> None:
        self.desk = desk
        self.entry = entry
        self.done = done
        self.every = False
        self.tenant = ""
        self.cancelled = False

    def cancel(self) -> None:
        if self in self.desk.slips:
            self.desk.slips.remove(self)
            self.cancelled = True
            self.desk.cancelled += 1
            _close(self.entry)

    def judge(self) -> None:
        if self in self.desk.slips:
            self.desk.slips.remove(self)
            self.done(self.desk.verdict(self.entry, every=self.every))


@dataclass
class FakeDesk:
    """Finds the test file in bytes, at once or when it is told to."""

    held: bool = False
    most: int = 1000
    slips: list[Slip] = field(default_factory=list)
    cancelled: int = 0
    submitted: int = 0
    tenants: set[str] = field(default_factory=set)
    reloads: int = 0
    reloading: bool = False
    repeated: set[bytes] = field(default_factory=set)
    counts: Counts = field(default_factory=lambda: Counts(jobs=2))
    in_force: InForce = field(default_factory=lambda: InForce(1, "00", BUILT, BUILT))

    @property
    def has_room(self) -> bool:
        return len(self.slips) < self.most

    def known(self) -> None:
        """It remembers nothing."""

    def recall(self, digest: bytes, _tenant: str, size: int) -> Judgement | None:
        """It remembers what it was told to."""
        if digest in self.repeated:
            return Judgement(Outcome.CLEAN, size=size, cached=True)
        return None

    def submit(
        self,
        entry: Entry,
        tenant: str,
        done: Callable[[Judgement], None],
        seconds: float | None = None,
        *,
        every: bool = False,
    ) -> Slip:
        if len(self.slips) >= self.most:
            _close(entry)
            raise Busy("too many")
        assert seconds is None
        self.tenants.add(tenant)
        self.submitted += 1
        slip = Slip(self, entry, done)
        slip.every = every
        self.slips.append(slip)
        if not self.held:
            asyncio.get_running_loop().call_soon(slip.judge)
        return slip

    def release(self) -> None:
        for slip in list(self.slips):
            slip.judge()

    def verdict(self, entry: Entry, *, every: bool) -> Judgement:
        if isinstance(entry, Unopened):
            return Judgement(Outcome.UNSCANNED, (), entry.reason)
        data = os.pread(entry.descriptor, entry.size, 0)
        _close(entry)
        if EICAR not in data:
            return Judgement(Outcome.CLEAN, size=len(data))
        return Judgement(Outcome.FOUND, (NAME, SECOND) if every else (NAME,))

    def reload(self) -> None:
        self.reloads += 1


def _close(entry: Entry) -> None:
    if isinstance(entry, OpenFile):
        entry.close()


@dataclass
class Running:
    """A server that runs, and how to reach it."""

    server: ClamdServer
    unix: str
    tcp: tuple[str, int]
    log: Lines
    metrics: Metrics
    stopped: asyncio.Event

    async def talk(self, *steps: Step, tcp: bool = False) -> bytes:
        """Talk to it from a thread."""
        return await asyncio.to_thread(talk, self.tcp if tcp else self.unix, *steps)


@asynccontextmanager
async def serving(
    desk: FakeDesk | Desk,
    folder: Path,
    settings: ClamdSettings | None = None,
    *,
    storage: Storage | None = None,
    allowed: Callable[[str], bool] = _ANYBODY_HERE,
) -> AsyncIterator[Running]:
    """A clamd face on a Unix socket in a folder, and on the loopback."""
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(str(folder / "s"))
    tcp = socket.create_server(("127.0.0.1", 0))
    for one in (unix, tcp):
        one.listen(4096)
        one.settimeout(0)
    log = Lines()
    real = cast("Desk", desk)
    service = Service(
        real,
        storage or Storage(str(folder)),
        cast("Allowed", allowed),
        logger(log, {}),  # type: ignore[arg-type] # all that is used
        Metrics(real),
    )
    stopped = asyncio.Event()
    server = ClamdServer(service, settings or ClamdSettings(), stopped.set)
    await server.start([unix, tcp])
    address = tcp.getsockname()
    try:
        yield Running(server, str(folder / "s"), address, log, service.metrics, stopped)
    finally:
        await server.close(1)
        unix.close()
        tcp.close()
        (folder / "s").unlink()
