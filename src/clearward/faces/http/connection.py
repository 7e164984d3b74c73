"""One connection: uvicorn's, with a deadline for heads and errors in our shape.

Left to itself it waits for ever for a head that never comes, and answers what is not
HTTP with plain text.
"""

import asyncio
import json
import socket
import struct

import h11
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from clearward.service.metrics import Metrics

_PEER = struct.Struct("3i")  # pid, uid, gid: SO_PEERCRED, unix(7)


class Connection(H11Protocol):
    """One connection; uvicorn makes it.

    Attributes:
        head: seconds in which a head has to be there, from the first byte on, or from
            the beginning of the connection.
        linger: seconds in which a client has to take its answer.
        most: connections at a time; more are closed at once.
        metrics: is told of connections.
    """

    head = 15.0
    linger = 15.0
    most = 16_384
    metrics: Metrics | None = None
    _timer: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        if self.metrics is not None:
            self.metrics.opened("http")
        if len(self.connections) > self.most:
            self.transport.abort()
            return
        end = transport.get_extra_info("socket")
        if end.family == socket.AF_UNIX:
            self.client = (_peer(end), 0)
        else:
            # asyncio does so only for sockets that were made with a protocol number.
            # Without it every answer waits 40 ms: its head and its body are two writes.
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._begin()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        if self._stuck is not None:
            self._stuck.cancel()
        if self.metrics is not None:
            self.metrics.closed("http")
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self._timer is None and self._idle():
            self._begin()
        super().data_received(data)
        if not self._idle():
            self._end()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self.loop.call_later(self.linger, self.transport.abort)

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(self.linger, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(400, "malformed", "this is not HTTP/1.1")

    @override
    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: an upgrade may be asked for and not be given."""

    def _idle(self) -> bool:
        # uvicorn types it as if it were always there.
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]

    def _begin(self) -> None:
        self._timer = self.loop.call_later(self.head, self._late)

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self.conn.trailing_data[0]:
            self._refuse(408, "too-slow", "the head did not arrive in time")
        else:
            self.transport.close()

    def _refuse(self, status: int, code: str, detail: str) -> None:
        """Answer what is no request, if an answer can still be given, and close."""
        if not self._idle():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = json.dumps({"error": code, "detail": detail}).encode("ascii")
            headers = [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode("ascii")),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
                (b"connection", b"close"),
            ]
            for event in (
                h11.Response(status_code=status, headers=headers, reason=b""),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def _peer(end: socket.socket) -> str:
    """Who is at the other end of a unix socket."""
    try:
        raw = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    except OSError:
        return "unknown"
    return f"uid:{_PEER.unpack(raw)[1]}"
