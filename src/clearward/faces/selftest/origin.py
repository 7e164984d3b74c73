"""A web server for one file, on the loopback, for as long as a proxy needs to fetch it.

It gives nothing but that file, under a path that is a secret.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

import h11

_SECONDS = 30.0  # for one request
_READ = 65536


class Origin:
    """Serves one file. Use it in a `with` block.

    Args:
        path: it is given for this one alone.
        content: the file.

    Attributes:
        port: on 127.0.0.1.
        asked: the file was fetched.
    """

    def __init__(self, path: str, content: bytes) -> None:
        self._path = path.encode("ascii")
        self._content = content
        self.asked = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread
        self._socket.close()
        self._thread.join(_SECONDS)

    def _serve(self) -> None:
        """Answer one connection after the other until the socket is closed."""
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line, suppress(OSError, h11.ProtocolError):
                line.settimeout(_SECONDS)
                self._answer(line)

    def _answer(self, line: socket.socket) -> None:
        connection = h11.Connection(h11.SERVER)
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(line.recv(_READ))
            elif isinstance(event, h11.Request):
                line.sendall(self._reply(connection, event.target))
                return
            else:
                return

    def _reply(self, connection: h11.Connection, target: bytes) -> bytes:
        known = target == self._path
        body = self._content if known else b""
        self.asked |= known
        response = h11.Response(
            status_code=200 if known else 404,
            headers=[
                ("Content-Type", "application/octet-stream"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("Connection", "close"),
            ],
        )
        out = connection.send(response) or b""
        out += connection.send(h11.Data(data=body)) or b""
        return out + (connection.send(h11.EndOfMessage()) or b"")
