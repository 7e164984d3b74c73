"""The clamd protocol, without a socket: bytes and descriptors in, events out.

A command comes in one of three forms:

    zCOMMAND NUL     the answer ends with NUL
    nCOMMAND LF      the answer ends with LF; a CR before it is dropped
    COMMAND          one packet is one command, the answer ends with LF

One command a connection, unless it is IDSESSION: then each is numbered from 1, and its
answers begin with that number. INSTREAM is followed by chunks (`stream.py`), FILDES by
one byte that carries a descriptor.

Source: clamd(8), COMMANDS; what clamd 1.4.6 answered where that page is silent.
"""

from dataclasses import dataclass
from enum import Enum

from clearward.faces.clamd import commands, texts
from clearward.faces.clamd.commands import COMMANDS, Command
from clearward.faces.clamd.stream import Part, Stream

MOST_COMMAND = 4104  # bytes, prefix and end included: room for the longest path
_NOTHING = memoryview(b"")
_Z, _N = b"zn"


class Awaited(Enum):
    """What the client is expected to send next."""

    COMMAND = "command"
    IN_SESSION = "command of a session"
    STREAM = "chunk"
    DESCRIPTOR = "descriptor"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Order:
    """A command that is to be carried out.

    Attributes:
        command: which.
        argument: the path, raw; empty for a command without one.
        end: one byte that ends each answer.
        number: in its session, from 1; 0 outside of one.
        descriptor: for FILDES; whoever gets this event closes it.
    """

    command: Command
    argument: bytes
    end: bytes
    number: int = 0
    descriptor: int = -1

    def answer(self, text: bytes) -> bytes:
        """Return a text as it is sent."""
        return _framed(text, self.end, self.number)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The last answer of a connection: what was sent is not understood, or too much.

    What was received of a stream is to be thrown away.
    """

    answer: bytes


Event = Order | Refusal | memoryview | Part


class Protocol:
    """One connection. Feed it, then ask for events until there is none.

    A memoryview is a piece of the stream that the last order began, `Part.END` its end.
    What is fed must not change until `next_event` has returned None, or `keep` was
    called.

    Args:
        limit: most bytes one stream may have.
        off: words of the commands that are switched off.

    Attributes:
        descriptor: that came with what was fed and was not asked for yet, or -1; closed
            by whoever feeds.
    """

    __slots__ = (
        *("_at", "_data", "_end", "_number", "_off", "_partial", "_session"),
        *("_state", "_stream", "descriptor"),
    )

    def __init__(self, limit: int, off: frozenset[bytes] = frozenset()) -> None:
        self._off = off
        self._stream = Stream(limit)
        self._data = _NOTHING
        self._at = 0
        self._partial = b""
        self._end = b"\n"
        self._session = False
        self._number = 0
        self._state = Awaited.COMMAND
        self.descriptor = -1

    @property
    def awaited(self) -> Awaited:
        """What the client is expected to send next."""
        if self._session and self._state is Awaited.COMMAND:
            return Awaited.IN_SESSION
        return self._state

    @property
    def open(self) -> bool:
        """There may be another command."""
        return self._state is not Awaited.NOTHING

    @property
    def left_over(self) -> bool:
        """Something that was fed is not used yet, and perhaps never will be."""
        return self._at < len(self._data)

    def feed(self, data: memoryview | bytes, descriptor: int = -1) -> None:
        """Take what one packet held; the one before it is used up, or was kept.

        Args:
            data: its bytes.
            descriptor: that came with it, or -1.
        """
        if self.left_over:
            data = bytes(self._data[self._at :]) + data
        self._data = memoryview(data)
        self._at = 0
        if descriptor >= 0:
            self.descriptor = descriptor

    def keep(self) -> None:
        """Copy what is not used yet: what was fed may change from now on."""
        rest = self._data[self._at :]
        self._data = memoryview(bytes(rest)) if rest else _NOTHING
        self._at = 0

    def end(self) -> None:
        """Take the end of what the client sends."""
        self._state = Awaited.NOTHING

    def next_event(self) -> Event | None:
        """Return what was received next; None if that takes more bytes, or is all."""
        if self._state is Awaited.STREAM:
            return self._of_stream()
        if self._state is Awaited.DESCRIPTOR:
            return self._descriptor()
        if self._state is Awaited.COMMAND:
            return self._command()
        return None

    def _of_stream(self) -> Event | None:
        part, self._at = self._stream.take(self._data, self._at)
        if part is Part.TOO_LONG:
            return self._refuse(texts.TOO_LONG)
        if part is Part.END:
            self._state = Awaited.COMMAND if self._session else Awaited.NOTHING
        return self._unasked() if part is None else part

    def _descriptor(self) -> Event | None:
        """Take the byte that carries a descriptor."""
        if not self.left_over:
            return self._unasked(also=texts.FAILED)
        self._at += 1
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor < 0:
            return self._refuse(texts.NO_DESCRIPTOR)
        self._state = Awaited.COMMAND if self._session else Awaited.NOTHING
        return Order(commands.FILDES, b"", self._end, self._number, descriptor)

    def _command(self) -> Event | None:
        known = len(self._partial)
        more = self._data[self._at : self._at + MOST_COMMAND - known]
        head = self._partial + bytes(more)
        if not head:
            return self._unasked()
        if head[0] not in (_Z, _N):
            return self._old(head)
        self._end = b"\0" if head[0] == _Z else b"\n"
        place = head.find(self._end)
        if place < 0:
            self._partial = head
            self._at += len(more)
            if len(head) >= MOST_COMMAND:
                self._state = Awaited.NOTHING
            return self._unasked()
        self._partial = b""
        self._at += place + 1 - known
        return self._order(_trimmed(head[1:place], self._end))

    def _old(self, head: bytes) -> Event | None:
        """Take a packet without a prefix: a command, perhaps with the end of a line."""
        if self._session:
            self._at = len(self._data)
            return self._refuse(texts.OLD_IN_SESSION, new=True, also=texts.FAILED)
        line, end, _ = head.partition(b"\n")
        self._at = self._at + len(line) + 1 if end else len(self._data)
        self._end = b"\n"
        return self._order(_trimmed(line, b"\n"), old=True)

    def _order(self, text: bytes, *, old: bool = False) -> Event | None:
        word, space, argument = text.partition(b" ")
        command = COMMANDS.get(word)
        if command is None or bool(space) != command.argument:
            return self._unknown()
        if (old and not command.old) or (self._session and not command.session):
            return self._unknown()
        if word in self._off:
            return self._refuse(texts.UNAVAILABLE, new=True)
        if command is commands.IDSESSION:
            self._session = True
            return self._command()  # which is no IDSESSION then
        if command is commands.END:
            return self._ended()
        return self._begin(command, argument)

    def _begin(self, command: Command, argument: bytes) -> Event | None:
        self._number += self._session
        if command is commands.FILDES:
            self._state = Awaited.DESCRIPTOR
            return self._descriptor()
        if command is commands.INSTREAM:
            self._state = Awaited.STREAM
            self._stream.begin()
        elif not self._session:
            self._state = Awaited.NOTHING
        return Order(command, argument, self._end, self._number)

    def _ended(self) -> Event | None:
        """Take END, which means something within a session alone."""
        if not self._session:
            return self._unknown()
        self._state = Awaited.NOTHING
        return None

    def _unknown(self) -> Refusal:
        text = texts.NOT_IN_SESSION if self._session else texts.UNKNOWN
        return self._refuse(text, new=True)

    def _unasked(self, also: bytes = b"") -> Refusal | None:
        """Refuse a descriptor that came without FILDES, or without its byte."""
        if self.descriptor < 0 or not self.open:
            return None
        return self._refuse(texts.UNASKED, new=not also, also=also)

    def _refuse(self, text: bytes, *, new: bool = False, also: bytes = b"") -> Refusal:
        """End the conversation.

        Args:
            text: the answer.
            new: it is to something that has no number yet.
            also: another answer behind it.
        """
        self._state = Awaited.NOTHING
        number = self._number + new if self._session else 0
        answer = _framed(text, self._end, number)
        if also:
            answer += _framed(also, self._end, number)
        return Refusal(answer)


def _framed(text: bytes, end: bytes, number: int) -> bytes:
    return b"%d: %b%b" % (number, text, end) if number else text + end


def _trimmed(text: bytes, end: bytes) -> bytes:
    """Return a command without the CR of its line end and what a C string ends at."""
    if end == b"\n":
        text = text.removesuffix(b"\r").partition(b"\0")[0]
    return text
