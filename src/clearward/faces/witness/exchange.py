"""HTTP of the witness: bytes in, events out, no socket.

Source: C2SP tlog-witness, "add-checkpoint"; RFC 9112.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import h11

from clearward.updates.witness import MOST_BODY, Answer

PATH = b"/add-checkpoint"
MOST_HEAD = 16_384  # bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request for a signature.

    Attributes:
        body: at most `MOST_BODY` bytes.
    """

    body: bytes


@dataclass(frozen=True, slots=True)
class Wrong:
    """A request that gets the same answer whatever was signed.

    Attributes:
        answer: says why.
    """

    answer: Answer


class Exchange:
    """One connection: its requests, one behind the other."""

    def __init__(self) -> None:
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD)
        self._body = bytearray()
        self._wrong: Answer | None = None

    @property
    def over(self) -> bool:
        """No further request can follow."""
        return self._http.our_state is not h11.IDLE or self._http.their_state in (
            h11.CLOSED,
            h11.ERROR,
            h11.MUST_CLOSE,
        )

    def receive(self, data: bytes) -> None:
        """Take what has arrived; nothing says that the client has ended."""
        self._http.receive_data(data)

    def next(self) -> Asked | Wrong | None:
        """Return the next request; None if it is not there yet, or never will be."""
        try:
            for event in self._events():
                found = self._take(event)
                if found is not None:
                    return found
        except h11.RemoteProtocolError as error:
            status = error.error_status_hint
            return Wrong(Answer(status, "this is not HTTP/1.1\n"))
        return None

    def answer(self, said: Answer) -> bytes:
        """Return an answer as it is sent, and be ready for the next request if any."""
        body = said.body.encode()
        headers = [
            ("content-type", said.type),
            ("content-length", str(len(body))),
            ("cache-control", "no-store"),
        ]
        if said.status == _NOT_ALLOWED:
            headers.append(("allow", "POST"))
        if self._http.their_state is not h11.DONE:
            headers.append(("connection", "close"))
        head = h11.Response(status_code=said.status, headers=headers, reason=b"")
        data = b"".join(
            self._http.send(event) or b""
            for event in (head, h11.Data(data=body), h11.EndOfMessage())
        )
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        return data

    def wanted(self) -> bytes:
        """Return what a client waits for that sends its body only if it may."""
        if not self._http.they_are_waiting_for_100_continue:
            return b""
        go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"")
        return self._http.send(go_on) or b""

    def _events(self) -> Iterator[h11.Event]:
        while True:
            event = self._http.next_event()
            if event in (h11.NEED_DATA, h11.PAUSED) or isinstance(
                event, h11.ConnectionClosed
            ):
                return
            assert isinstance(event, h11.Event)  # noqa: S101 - the others are above
            yield event

    def _take(self, event: h11.Event) -> Asked | Wrong | None:
        if isinstance(event, h11.Request):
            self._begin(event)
        elif isinstance(event, h11.Data):
            self._body += event.data
            if len(self._body) > MOST_BODY:
                self._wrong = _LARGE
        elif isinstance(event, h11.EndOfMessage):
            return Asked(bytes(self._body)) if self._wrong is None else self._refused()
        # The rest of what is too large is not waited for.
        return self._refused() if self._wrong is _LARGE else None

    def _refused(self) -> Wrong:
        assert self._wrong is not None  # noqa: S101 - whoever calls has looked
        return Wrong(self._wrong)

    def _begin(self, request: h11.Request) -> None:
        self._body.clear()
        self._wrong = None
        if request.target.partition(b"?")[0] != PATH:
            self._wrong = Answer(404, "POST /add-checkpoint\n")
        elif request.method != b"POST":
            self._wrong = Answer(_NOT_ALLOWED, "POST /add-checkpoint\n")
        for name, value in request.headers:
            if name == b"content-length" and int(value) > MOST_BODY:
                self._wrong = _LARGE


_NOT_ALLOWED = 405
_LARGE = Answer(413, f"more than {MOST_BODY} bytes\n")
