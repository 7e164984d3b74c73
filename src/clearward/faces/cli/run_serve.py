"""Run the server: the faces that were asked for over one desk, to a clean end."""

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from socket import socket

from clearward.core.errors import Refused
from clearward.core.limits import MIB, Limits
from clearward.core.verdict import Outcome
from clearward.jail.descriptors import raise_limit
from clearward.service.body import Storage
from clearward.service.context import Server, Service
from clearward.service.desk import Desk
from clearward.service.following import Following
from clearward.service.listening import Address, Allowed, Listeners, address_of
from clearward.service.loading import loader, sources
from clearward.service.logs import logger
from clearward.service.metrics import Metrics
from clearward.service.notify import Notifier, notifier
from clearward.stores.home import home
from clearward.wiring import RuleChoice, ScanChoice

GRACE = 5.0  # seconds that requests have to end when the server does
_COLLECT_AFTER = 50_000  # new objects; the default of 700 looks for circles too often


@dataclass(frozen=True, slots=True)
class Face:
    """A face that was asked for.

    Attributes:
        name: ``"clamd"``, ``"icap"`` or ``"http"``.
        addresses: where it listens.
        passed: sockets that listen already.
        make: builds its server.
    """

    name: str
    addresses: tuple[Address, ...]
    passed: tuple[socket, ...]
    make: Callable[[Service], Server]


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for; see the options of `clearward serve`.

    Attributes:
        faces: at least one.
        rules: which are in force.
        limits: for each object.
        jobs: workers.
        require: the level below which nothing is served.
        allowed: who may talk to the faces.
        max_object: bytes of the largest object that ICAP and HTTP take.
        level: of the log.
        json: say on standard output what was done, at the end.
    """

    faces: tuple[Face, ...]
    rules: RuleChoice = field(default_factory=RuleChoice)
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    require: str = "B"
    allowed: Allowed = field(default_factory=Allowed)
    max_object: int = 100 * MIB
    level: str = "info"
    json: bool = False


def run(request: Request) -> int:
    """Serve until a signal ends it; return the exit status.

    Raises:
        Refused: an address, a rule source or an option cannot be used.
        Unavailable: the jail could not be started.
    """
    gc.set_threshold(_COLLECT_AFTER)
    raise_limit()
    return asyncio.run(_serve(request))


async def _serve(request: Request) -> int:
    log = logger(sys.stderr, os.environ, request.level)
    manager = notifier(os.environ)
    listeners = Listeners()
    async with AsyncExitStack() as stack:
        stack.callback(listeners.close)
        opened = [_listen(listeners, face) for face in request.faces]
        choice = ScanChoice(
            request.limits, jobs=request.jobs, require=request.require, serving=True
        )
        desk = Desk(loader(request.rules, choice, log), jobs=request.jobs, log=log)
        ending = _obey(desk, manager)
        changes = Following(sources(request.rules), desk.reload)
        await desk.start()
        stack.push_async_callback(desk.close)
        await stack.enter_async_context(changes)
        gc.freeze()
        service = Service(
            desk,
            Storage(_folder()),
            request.allowed,
            log,
            Metrics(desk),
            request.max_object,
            ending.set,
        )
        for face, sockets in zip(request.faces, opened, strict=True):
            server = face.make(service)
            await server.start(sockets)
            stack.push_async_callback(server.close, GRACE)
        _tell_ready(request.faces, opened, manager, desk)
        watching = asyncio.create_task(manager.watch(lambda: desk.ready))
        await ending.wait()
        watching.cancel()
        manager.stopping()
    if request.json:
        _sum_up(desk)
    return 0


def _sum_up(desk: Desk) -> None:
    counts = desk.counts
    outcomes = {one.value: counts.outcomes[one.value] for one in Outcome}
    done = {"cached": counts.cached, "reloads": counts.reloads, "deaths": counts.deaths}
    done["excluded"] = counts.excluded
    sys.stdout.write(json.dumps({"summary": outcomes | done}) + "\n")


def _listen(listeners: Listeners, face: Face) -> list[socket]:
    opened = [one for address in face.addresses for one in listeners.listen(address)]
    return [*face.passed, *opened]


def _obey(desk: Desk, manager: Notifier) -> asyncio.Event:
    """Reload on SIGHUP; the event is set when the server is told to end."""
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()

    def reload() -> None:
        manager.reloading()
        desk.reload()

    desk.reloaded = manager.ready
    loop.add_signal_handler(signal.SIGHUP, reload)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    return ending


def _folder() -> str:
    """Where objects are kept that do not fit into memory."""
    folder = os.path.join(home(), "objects")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600))
    except OSError as error:
        raise Refused(f"{folder}: cannot be written: {error.strerror}") from error
    return folder


def _tell_ready(
    faces: Sequence[Face],
    opened: Sequence[Sequence[socket]],
    manager: Notifier,
    desk: Desk,
) -> None:
    """One line on standard error that says where the server listens."""
    words = [
        f"{face.name}={address_of(one)}"
        for face, sockets in zip(faces, opened, strict=True)
        for one in sockets
    ]
    with suppress(OSError):
        sys.stderr.write(f"ready {' '.join(words)}\n")
        sys.stderr.flush()
    manager.ready(f"{desk.in_force.count} rules, protection {desk.level}")
