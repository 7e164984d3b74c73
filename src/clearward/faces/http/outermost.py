"""What every request passes through, on the way in and on the way out.

On the way out: the headers of every answer, and an answer for what went wrong. An
answer to a request whose body has not arrived whole is sent at once; then what the
client still sends is read and thrown away, up to a bound, before the connection ends.
Closing it with unread data would make the kernel reset it, and the answer would be lost
on a client that writes everything before it reads.

Source: RFC 9112, section 9.6.
"""

import asyncio
from email.utils import formatdate

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clearward.faces.http.answers import Rejected
from clearward.service.context import Service

MOST_DRAINED = 64 << 20  # bytes
MOST_HEAD = 32 << 10  # bytes of a path and all headers
DRAINING = 5.0  # seconds

_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)


class Outermost:
    """Wraps an application.

    Args:
        application: what answers.
        service: its log and figures are told of what went wrong.
    """

    def __init__(self, application: ASGIApp, service: Service) -> None:
        self._application = application
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        exchange = _Exchange(scope, receive, send)
        try:
            _refuse_large(scope)
            await self._application(scope, exchange.receive, exchange.send)
        except Rejected as rejected:
            await rejected.response()(scope, exchange.receive, exchange.send)
        except Exception:
            self._service.log.exception("request failed", face="http")
            if not exchange.started:
                answer = Rejected(500, "internal", "the log says more").response()
                await answer(scope, exchange.receive, exchange.send)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._asked = False  # something of the body was asked for
        self._whole = not _has_body(scope)
        self._waits = any(name == b"expect" for name, _ in scope["headers"])
        self.started = False

    async def receive(self) -> Message:
        """What comes from the client."""
        self._asked = True
        message = await self._receive()
        if not message.get("more_body", False):
            self._whole = True  # or nobody is there any more
        return message

    async def send(self, message: Message) -> None:
        """What goes to it."""
        if message["type"] == "http.response.start":
            self.started = True
            date = (b"date", formatdate(usegmt=True).encode("ascii"))
            headers = [*message["headers"], *_HEADERS, date]
            if not self._whole:
                headers.append((b"connection", b"close"))
            await self._send({**message, "headers": headers})
        elif message.get("more_body", False) or self._whole:
            await self._send(message)
        else:
            await self._send({**message, "more_body": True})
            await self._drain()
            await self._send({**message, "body": b"", "more_body": False})

    async def _drain(self) -> None:
        """Read and throw away what still comes."""
        if self._waits and not self._asked:
            return  # it waits for a word to go on, which it does not get
        left = MOST_DRAINED
        try:
            async with asyncio.timeout(DRAINING):
                while not self._whole and left > 0:
                    left -= len((await self.receive()).get("body", b""))
        except TimeoutError:
            return


def _refuse_large(scope: Scope) -> None:
    """Refuse a head that came at once and so was not too large to be read."""
    line = len(scope["raw_path"]) + len(scope["query_string"])
    size = line + sum(len(name) + len(value) for name, value in scope["headers"])
    if size > MOST_HEAD:
        raise Rejected(431, "too-large", "the head of the request is too large")


def _has_body(scope: Scope) -> bool:
    """Say whether a request announces a body."""
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return True
        if name == b"content-length":
            return bool(value.strip(b"0 "))
    return False
