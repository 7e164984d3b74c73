"""Let the jail find indicators in files, from outside.

A worker reads one file at a time; it is ended when it says what cannot be, or runs past
the time limit. What it had found by then is kept, and the file counts as unread.
"""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.core.reasons import NONE, Reason
from clearward.indicators.found import Found
from clearward.indicators.kinds import Kind as Indicator
from clearward.jail import level, records
from clearward.jail.broker import OpenFile
from clearward.jail.control import OLDEST, Given, Settings
from clearward.jail.launch import Kind, Launched
from clearward.jail.records import End
from clearward.jail.spawn import Forked, Zygote
from clearward.jail.wire import Hostile

GRACE = 2.0  # seconds a worker gets beyond the limit to say so itself
MOST_FOUND = 200_000  # in one file; an honest worker stops there
LIMITS = Limits(seconds=60.0)


@dataclass(slots=True)
class Extraction:
    """What was found in one file.

    Attributes:
        found: in the order of the parts, each kind and value once.
        reasons: why something was not read.
        cut: there was more than the limits allow.
    """

    found: list[Found] = field(default_factory=list)
    reasons: Reason = NONE
    cut: bool = False


class Extractor:
    """Workers that find indicators. Use it in a `with` block.

    Args:
        limits: for each file.
        require: the level of protection below which nothing is read.

    Raises:
        Unavailable: the jail could not be started.
        Refused: the level is below the required one.
    """

    def __init__(self, limits: Limits = LIMITS, require: str = "B") -> None:
        self._require = require
        self._light = _Lane(limits, heavy=False)
        # Most files are text; the heavy libraries are loaded for one that needs them.
        self._heavy: _Lane | None = None

    def __enter__(self) -> Self:
        self._light.start(self._require)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for lane in (self._light, self._heavy):
            if lane is not None:
                lane.close()

    def extract(self, file: OpenFile) -> Extraction:
        """Return what is found in a file; it stays open.

        Raises:
            Unavailable: the jail has gone.
        """
        told = self._light.extract(file)
        if told is not None:
            return told
        if self._heavy is None:
            self._heavy = _Lane(self._light.limits, heavy=True)
            self._heavy.start(self._require)
        return self._heavy.extract(file) or Extraction(reasons=Reason.UNSUPPORTED)


class _Lane:
    """A zygote and its one worker."""

    def __init__(self, limits: Limits, *, heavy: bool) -> None:
        self.limits = limits
        settings = Settings(test_file=False, limits=limits)
        self._zygote = Zygote(settings, Launched(Kind.EXTRACT, heavy=heavy))
        self._worker: Forked | None = None
        self._since = time.monotonic()

    def start(self, require: str) -> None:
        """Wait until the zygote is ready, and measure a worker."""
        try:
            _, given = self._zygote.load()
            self._worker = self._zygote.fork()
            _check_level(self._worker.process, given, require)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the worker and the zygote."""
        if self._worker is not None:
            self._worker.channel.close()
        self._zygote.close()

    def extract(self, file: OpenFile) -> Extraction | None:
        """Return what is found, None if the file needs the heavy libraries."""
        if self._worker is not None and time.monotonic() - self._since > OLDEST:
            self._end_worker(self._worker)
        if self._worker is None:
            self._worker, self._since = self._zygote.fork(), time.monotonic()
        channel = self._worker.channel
        extraction = Extraction()
        try:
            request = records.REQUEST.pack(file.size)
            socket.send_fds(channel, [request], [file.descriptor])
            end = _heard(channel, extraction, self.limits.seconds + GRACE)
        except TimeoutError:
            extraction.reasons = Reason.TIME_LIMIT
        except (OSError, Hostile):
            extraction.reasons = Reason.WORKER_DIED
        else:
            extraction.reasons, extraction.cut = end.reasons, end.cut
            return None if end.heavy else extraction
        self._end_worker(self._worker)
        return extraction

    def _end_worker(self, worker: Forked) -> None:
        self._worker = None
        worker.channel.close()
        with suppress(OSError):
            os.kill(worker.process, signal.SIGKILL)
        self._zygote.reap(worker.process)


def _check_level(process: int, given: Given, require: str) -> None:
    protection = level.measure(process, given)
    if not protection.reaches(require):
        raise Refused(protection.too_low(require))


def _heard(
    channel: socket.socket,
    extraction: Extraction,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> End:
    """Take what a worker says until the end of it.

    Raises:
        TimeoutError: it takes too long.
        OSError: the worker has ended.
        Hostile: it says what cannot be.
    """
    told: set[tuple[Indicator, str]] = set()
    deadline = clock() + seconds
    while True:
        channel.settimeout(max(deadline - clock(), 0.001))
        message = channel.recv(records.MOST_MESSAGE + 1)
        if not message:
            raise ConnectionResetError
        said = records.decode(message)
        if isinstance(said, End):
            return said
        for one in said:
            if (one.kind, one.value) in told or len(told) == MOST_FOUND:
                raise Hostile("an indicator that was told before, or one too many")
            told.add((one.kind, one.value))
            extraction.found.append(one)
