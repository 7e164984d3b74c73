"""What a client of ICAP says, without a socket: bytes go in, events come out.

    head -> heads of HTTP -> body -> answer -> head of the next request
                              |  ^
                  end of the  |  | `proceed`: the rest was asked for
                    preview   v  |
                            stopped

Requests may follow each other without waiting. The next one is not looked at before
`answered` is called, so whoever feeds this stops reading while `waiting` says so.

Source: RFC 3507, sections 4.2 to 4.6.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

from clearward.faces.icap.chunks import Chunks
from clearward.faces.icap.encapsulated import split_heads
from clearward.faces.icap.head import MOST_HEAD, RequestHead, read_head
from clearward.faces.icap.status import Fault

# A head begins with the letters of a method, and has no NUL and no LF alone.
_NO_HEAD = re.compile(rb"\A[^A-Z\r]|\0|(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request has begun: its head and all heads of HTTP are there.

    Attributes:
        head: the request.
        http: the heads of HTTP by the name of their section, as they were sent.
    """

    head: RequestHead
    http: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """The next bytes of the body; never empty."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Stopped:
    """The preview is over, and there is more: `proceed` or answer."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The request is complete: answer it."""


Event = Asked | Piece | Stopped | Ended


class _State(Enum):
    HEAD = "the head of a request"
    HTTP = "heads of HTTP"
    BODY = "the body, or its preview"
    DONE = "an answer"
    WRONG = "nothing any more"


class Conversation:
    """What is said on one connection. Feed it, and ask for events.

    Attributes:
        begun: a request has begun and is not answered.
    """

    __slots__ = (
        "_buffer",
        "_chunks",
        "_head",
        "_previews",
        "_searched",
        "_state",
        "begun",
    )

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._state = _State.HEAD
        self._head: RequestHead | None = None
        self._chunks = Chunks()
        self._previews = False  # the client stops at the end of what comes now
        self._searched = 0
        self.begun = False

    @property
    def buffered(self) -> int:
        """Bytes that were fed and not yet made into events."""
        return len(self._buffer)

    @property
    def waiting(self) -> bool:
        """No more bytes are wanted before `proceed` or `answered` is called."""
        return self._state is _State.DONE

    @property
    def in_body(self) -> bool:
        """The next bytes are of a body."""
        return self._state is _State.BODY

    def receive(self, data: bytes | memoryview) -> None:
        """Take bytes as they arrived, however split."""
        if self._state is not _State.WRONG:
            self._buffer += data
            self._begin()

    def next_event(self) -> Event | None:
        """Return what comes next, or None if more bytes are needed, or an answer.

        Raises:
            Fault: the client broke the protocol. No event follows.
        """
        try:
            return self._next()
        except Fault:
            self._state = _State.WRONG
            self._buffer.clear()
            raise

    def proceed(self) -> None:
        """Take the rest of a body whose preview is over."""
        if self._state is not _State.DONE or not self._previews:
            raise RuntimeError("no preview is over")
        self._previews = False
        self._chunks = Chunks()
        self._state = _State.BODY

    def answered(self) -> None:
        """Begin with the next request."""
        if self._state is not _State.DONE:
            raise RuntimeError("no request is complete")
        self._state = _State.HEAD
        self._head = None
        self._searched = 0
        self._begin()

    def _next(self) -> Event | None:
        if self._state is _State.HEAD:
            self._find_head()
        if self._state is _State.HTTP:
            return self._asked()
        if self._state is _State.BODY:
            return self._body()
        return None

    def _find_head(self) -> None:
        buffer = self._buffer
        end = buffer.find(b"\r\n\r\n", self._searched, MOST_HEAD)
        if end < 0:
            self._judge_beginning()
            self._searched = max(len(buffer) - 3, 0)
            return
        self._head = read_head(bytes(buffer[:end]))
        del buffer[: end + 4]
        self._state = _State.HTTP

    def _begin(self) -> None:
        """Say whether a request has begun.

        Empty lines in front of one come from clients that send one too many behind a
        body (RFC 2616, section 4.1).
        """
        if self._state is _State.HEAD:
            while self._buffer.startswith(b"\r\n"):
                del self._buffer[:2]
                self._searched = 0
            self.begun = bool(self._buffer)

    def _judge_beginning(self) -> None:
        """Refuse what can become no head, without waiting for its end."""
        if len(self._buffer) >= MOST_HEAD:
            raise Fault("length of the head")
        if _NO_HEAD.search(self._buffer, self._searched) is not None:
            raise Fault("beginning")

    def _asked(self) -> Event | None:
        head = self._head
        if head is None or len(self._buffer) < head.sections.size:
            return None
        data = bytes(self._buffer[: head.sections.size])
        del self._buffer[: head.sections.size]
        self._previews = head.preview is not None
        self._chunks = Chunks()
        # A request without a body is a body that has ended, to keep to one way.
        self._chunks.ended = self._chunks.complete = not head.sections.body
        self._state = _State.BODY
        return Asked(head, split_heads(head.sections, data))

    def _body(self) -> Event | None:
        piece = self._chunks.take(self._buffer)
        if piece:
            return Piece(piece)
        if not self._chunks.ended:
            return None
        self._state = _State.DONE
        if self._previews and not self._chunks.complete:
            return Stopped()
        return Ended()
