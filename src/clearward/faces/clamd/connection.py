"""One client: what it sends, and what it is owed for that.

This is the way that every small object takes, so it is short: what comes in one packet
is read with one call, an answer is one more, and there is no task and no timer for a
connection. Reading goes on while something is judged, to see whether the client leaves.
"""

import socket

from typing_extensions import override

from clearward.faces.clamd import commands, peers, texts
from clearward.faces.clamd.channel import NEVER, Channel, close_passed
from clearward.faces.clamd.incoming import STREAM, Incoming
from clearward.faces.clamd.orders import AT_ONCE
from clearward.faces.clamd.owed import Owed
from clearward.faces.clamd.protocol import Awaited, Event, Order, Protocol, Refusal
from clearward.faces.clamd.shared import FACE, Shared
from clearward.faces.clamd.stream import Part
from clearward.service.body import Body, NoRoom

MOST_OWED = 32  # answers that a session may wait for before it is read on


class Connection(Channel):
    """One client.

    Args:
        shared: what all of them share.
        sock: accepted; does not block.
        tenant: whose bytes it brings.

    Attributes:
        half_closed: the client sends nothing more, and perhaps has gone.
    """

    __slots__ = (
        *(
            "_advancing",
            "_incoming",
            "_owed",
            "_protocol",
            "_refused",
            "_shared",
            "half_closed",
        ),
        "tenant",
    )

    def __init__(self, shared: Shared, sock: socket.socket, tenant: str) -> None:
        settings = shared.settings
        super().__init__(shared.loop, sock, settings.read_seconds)
        self._shared = shared
        self._protocol = Protocol(settings.stream_size, settings.off)
        self._incoming: Incoming | None = None
        self._owed: set[Owed] = set()
        self._refused = False
        self._advancing = False
        self.half_closed = False
        self.tenant = tenant
        self.deadline = shared.loop.time() + settings.command_seconds

    @override
    def readable(self) -> None:
        """Read once, and act on it."""
        got = self.read(self._shared.buffer)
        if got is None:
            return
        count, descriptor = got
        if not count:
            self._end()
        elif self.drained >= 0 or not self._protocol.open:
            close_passed(descriptor)
            self.throw_away(count)
        else:
            self._protocol.feed(self._shared.buffer[:count], descriptor)
            self._advance()

    @override
    def blocked(self) -> None:
        self.deadline = self._loop.time() + self._shared.settings.read_seconds

    @override
    def written(self) -> None:
        self.blocked()
        if not self.clogged:
            for owed in tuple(self._owed):
                owed.resume()
            self._advance()
        if self.open and self.sent:
            self._rest(moved=True)

    @override
    def leave(self) -> None:
        if not self.open:
            return
        owed, self._owed = self._owed, set()
        for one in owed:
            one.cancel()
        self._drop_stream()
        close_passed(self._protocol.descriptor)
        self._protocol.descriptor = -1
        self._protocol.end()
        self.close()
        self._shared.closed(self)

    @property
    @override
    def busy(self) -> bool:
        return bool(self._owed) or not self.sent

    @override
    def keep_watch(self) -> None:
        if self._owed and not self.half_closed and not self._full():
            self.watch()

    @override
    def look(self) -> None:
        if self.open and peers.gone(self.sock):
            self.leave()

    @override
    def expired(self) -> None:
        if self.ending or not self.sent or not self._protocol.open:
            self.leave()
            return
        self._take(Refusal(texts.TIMED_OUT))
        self._protocol.end()
        self._rest(moved=True)

    def settled(self, owed: Owed) -> None:
        """Nothing more is owed for one order."""
        self._owed.discard(owed)
        if not self.open or self._advancing:
            return
        if self._protocol.left_over and self._protocol.open:
            self._advance()
        else:
            self._rest(moved=True)

    def _owe(self, order: Order, body: Body | None = None) -> Owed:
        """Note that an answer will come later."""
        owed = Owed(self._shared, self, order, body)
        self._owed.add(owed)
        return owed

    def _advance(self) -> None:
        """Act on everything that was received, unless too much is owed already."""
        if not self.open:
            return
        protocol = self._protocol
        before = protocol.awaited
        moved = False
        self._advancing = True  # what is answered at once does not begin this again
        while not self._full() and (event := protocol.next_event()) is not None:
            moved = True
            self._take(event)
        self._advancing = False
        if self.open:
            protocol.keep()
            self._rest(moved=moved or protocol.awaited is not before)

    def _full(self) -> bool:
        """Read on only when something was answered, and the answer was read."""
        owed = len(self._owed)
        crowded = owed >= MOST_OWED or (owed > 0 and self._shared.gate.full)
        return crowded or self.clogged

    def _take(self, event: Event) -> None:
        if isinstance(event, memoryview):
            self._receive(event)
        elif isinstance(event, Order):
            self._carry_out(event)
        elif event is Part.END:
            self._judge_stream()
        elif isinstance(event, Refusal):
            self._refused = True
            self._drop_stream()
            self._shared.refuse()
            self.send(event.answer)

    def _carry_out(self, order: Order) -> None:
        command = order.command
        settings = self._shared.settings
        if command is commands.INSTREAM:
            storage = self._shared.service.storage
            self._incoming = Incoming(order, storage, settings)
        elif command is commands.FILDES:
            path = b"fd[%d]" % order.descriptor
            self._owe(order).judge_passed(path, order.descriptor)
        elif command is commands.ALLMATCHSCAN and not settings.all_match:
            text = b"%b: %b" % (order.argument, texts.NO_ALL_MATCH)
            self.send(order.answer(text))
        elif command.argument:
            self._owe(order).scan(command, order.argument)
        elif text := AT_ONCE[command.word](self._shared):
            self.send(order.answer(text))

    def _receive(self, piece: memoryview) -> None:
        if self._incoming is None:
            return
        try:
            self._incoming.body.write(piece)
        except NoRoom:
            self._fail_stream(self._incoming)

    def _judge_stream(self) -> None:
        incoming, self._incoming = self._incoming, None
        if incoming is None:
            return
        known = incoming.known(self._shared.service.desk, self.tenant)
        if known is not None:
            self._owe(incoming.order, incoming.body).judged(STREAM, known)
            return
        try:
            entry = incoming.entry()
        except NoRoom:
            self._fail_stream(incoming)
            return
        self._owe(incoming.order, incoming.body).judge(STREAM, entry)

    def _fail_stream(self, incoming: Incoming) -> None:
        """There is no room for a stream: say so, and throw the rest away."""
        self._shared.service.log.warning("no room for a stream", face=FACE)
        incoming.body.close()
        self._take(Refusal(incoming.order.answer(texts.NO_ROOM)))
        self._protocol.end()

    def _drop_stream(self) -> None:
        incoming, self._incoming = self._incoming, None
        if incoming is not None:
            incoming.body.close()

    def _end(self) -> None:
        """The client sends nothing more; what it is owed, it gets."""
        self._protocol.end()
        self._drop_stream()
        self.half_closed = True
        self.unwatch()
        if self._owed:
            peers.find_out(self.sock)
            self.deadline = NEVER
            self._shared.half_closed(self)
        elif self.sent:
            self.leave()

    def _rest(self, *, moved: bool) -> None:
        """Decide what to wait for now.

        Args:
            moved: something was understood, or was answered.
        """
        protocol = self._protocol
        if protocol.descriptor >= 0 and not protocol.open:
            close_passed(protocol.descriptor)
            protocol.descriptor = -1
        if not protocol.open and not self._owed:
            if self.sent:
                self._finish()
            return
        if self._full() and protocol.open:
            self.unwatch()
        elif protocol.open or self._refused:
            self.watch()
        if self.sent:
            self._set_deadline(moved=moved)

    def _finish(self) -> None:
        """Everything was said."""
        if self.half_closed or not (self._refused or self._protocol.left_over):
            self.leave()
        else:
            self.drain()

    def _set_deadline(self, *, moved: bool) -> None:
        awaited = self._protocol.awaited
        settings = self._shared.settings
        if awaited is Awaited.STREAM:
            seconds = settings.read_seconds
        elif self._owed:
            self.deadline = NEVER
            return
        elif not moved:
            return
        elif awaited is Awaited.IN_SESSION:
            seconds = settings.idle_seconds
        else:
            seconds = settings.command_seconds
        self.deadline = self._loop.time() + seconds
