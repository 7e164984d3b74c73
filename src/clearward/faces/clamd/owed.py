"""An answer that a client is still owed."""

import asyncio
from functools import partial
from typing import Protocol

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.clamd import texts
from clearward.faces.clamd.commands import Command
from clearward.faces.clamd.passed import entry_of
from clearward.faces.clamd.path_scan import PathScan
from clearward.faces.clamd.protocol import Order
from clearward.faces.clamd.shared import Shared
from clearward.jail.broker import Entry, OpenFile, Unopened
from clearward.service.body import Body
from clearward.service.judgement import Judgement


class Work(Protocol):
    """What the answer will come of."""

    def cancel(self) -> None:
        """Nobody waits for it any more; once is enough."""


class Client(Protocol):
    """The connection of a client."""

    tenant: str

    @property
    def clogged(self) -> bool:
        """It reads more slowly than it is answered."""

    def send(self, data: bytes) -> None:
        """Send an answer."""

    def settled(self, owed: "Owed") -> None:
        """Nothing more is owed for one order."""


class Owed:
    """The answers to one order.

    Args:
        shared: what connections share.
        client: who waits.
        order: what was asked.
        body: the stream that came with it, or None.

    Attributes:
        tenant: of the client.
        work: what the answer will come of.
    """

    __slots__ = (
        "_body",
        "_client",
        "_order",
        "_over",
        "_scan",
        "_shared",
        "tenant",
        "work",
    )

    def __init__(
        self, shared: Shared, client: Client, order: Order, body: Body | None = None
    ) -> None:
        self._shared = shared
        self._client = client
        self._order = order
        self._body = body
        self.tenant = client.tenant
        self._over = False
        self.work: Work | None = None
        self._scan: PathScan | None = None

    @property
    def clogged(self) -> bool:
        """The client reads more slowly than it is answered."""
        return self._client.clogged

    def say(self, line: bytes) -> None:
        """Send one answer."""
        self._client.send(self._order.answer(line))

    def done(self) -> None:
        """There are no more of them."""
        self._forget()
        self._client.settled(self)

    def judge(self, path: bytes, entry: Entry) -> None:
        """Have one object judged; it is closed in every case.

        Args:
            path: what the client is to see.
            entry: the object, or why it could not be opened.
        """
        if isinstance(entry, OpenFile):
            done = partial(self.judged, path)
            self.work = self._shared.gate.submit(entry, self.tenant, done)
        elif entry.reason & Reason.NOT_REGULAR:
            self.say(b"%b: %b" % (path, texts.NOT_A_FILE))
            self.done()
        else:
            why, size = entry.reason, entry.size
            self.judged(path, Judgement(Outcome.UNSCANNED, (), why, size))

    def judge_passed(self, path: bytes, descriptor: int) -> None:
        """Have the file of a passed descriptor judged; it is closed in every case.

        A thread opens it again: the file system may be one that never answers.
        """
        size = self._shared.settings.file_size
        threads, loop = self._shared.threads, self._shared.loop
        opening = loop.run_in_executor(threads, entry_of, descriptor, path, size)

        def opened(done: "asyncio.Future[Entry]") -> None:
            try:
                entry = done.result()
            except OSError:  # whatever it was, it could not be looked at
                entry = Unopened(path, Reason.PERMISSION)
            if not self._over:
                self.judge(path, entry)
            elif isinstance(entry, OpenFile):
                entry.close()

        opening.add_done_callback(opened)

    def scan(self, command: Command, path: bytes) -> None:
        """Have everything judged that a path leads to."""
        self.work = self._scan = PathScan(self._shared.means, self, command, path)

    def resume(self) -> None:
        """Say more: the client has read what it was sent."""
        if self._scan is not None:
            self._scan.resume()

    def judged(self, path: bytes, judgement: Judgement) -> None:
        """Answer with what is said of one object, and be done."""
        self._shared.count(judgement)
        for line in self._shared.lines.of(path, judgement):
            self.say(line)
        self.done()

    def cancel(self) -> None:
        """Nobody waits any more; once is enough."""
        self._over = True
        work, self.work = self.work, None
        if work is not None:
            work.cancel()
        self._forget()

    def _forget(self) -> None:
        """Give back what a stream took of the memory."""
        if self._body is not None:
            self._body.close()
            self._body = None
