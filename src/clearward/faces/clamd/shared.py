"""What all connections of the clamd face share."""

import asyncio
import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

from clearward.core.errors import Unavailable
from clearward.core.limits import KIB
from clearward.core.verdict import Outcome
from clearward.faces.clamd import texts
from clearward.faces.clamd.channel import Channel
from clearward.faces.clamd.gate import Gate
from clearward.faces.clamd.lines import Lines
from clearward.faces.clamd.path_scan import Means
from clearward.faces.clamd.settings import ClamdSettings
from clearward.service.context import Service
from clearward.service.judgement import Judgement

FACE = "clamd"
BUFFER = 256 * KIB
THREADS = 16  # that open files; one that hangs on a dead file system holds one


class Shared:
    """What all connections share.

    Args:
        service: what faces share.
        settings: of this face.
        stop: ends the whole server, as SHUTDOWN asks for.
        loop: that runs.

    Attributes:
        buffer: takes what one connection reads, until that is used or copied.
        gate: the way to the desk.
        means: what scans of paths work with.
        closed: is told of a connection that has ended.
        half_closed: is told of one whose client sends nothing more and waits.
    """

    def __init__(
        self,
        service: Service,
        settings: ClamdSettings,
        stop: Callable[[], None],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.service = service
        self.settings = settings
        self.stop = stop
        self.loop = loop
        self.buffer = memoryview(bytearray(BUFFER))
        self.gate = Gate(service.desk)
        self.lines = Lines(
            alert_limits=settings.alert_limits,
            alert_encrypted=settings.alert_encrypted,
            file_size=settings.file_size,
        )
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="clamd")
        self.means = Means(
            self.gate, self.threads, settings, self.lines, service.desk.known
        )
        self.closed: Callable[[Channel], None] = _ignore
        self.half_closed: Callable[[Channel], None] = _ignore
        self._version = texts.version(0, datetime.fromtimestamp(0, UTC))

    def version(self) -> bytes:
        """The long form, of the last rules if there are none in force."""
        with suppress(Unavailable):
            now = self.service.desk.in_force
            self._version = texts.version(now.number, now.built)
        return self._version

    def statistics(self) -> bytes:
        """The block that STATS gives."""
        counts = self.service.desk.counts
        return texts.statistics(
            jobs=counts.jobs,
            busy=counts.busy,
            most=self.settings.threads,
            idle_timeout=int(self.settings.idle_seconds),
            waiting=counts.waiting,
            used=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB,
        )

    def count(self, judgement: Judgement) -> None:
        """Note that an object got its answer."""
        self.service.metrics.answered(
            FACE, judgement.outcome, judgement.seconds, judgement.size
        )
        if judgement.outcome is Outcome.FOUND:
            names = [rule.name for rule in judgement.rules]
            self.service.log.info("found", face=FACE, rules=names)

    def refuse(self) -> None:
        """Note that a request ended without an outcome."""
        self.service.metrics.refused(FACE)


def _ignore(_channel: Channel) -> None:
    """Nobody wants to know."""
