"""A server on the loopback that says what a test has written down."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[["Talk"], None]


@dataclass
class Talk:
    """One connection, as the server sees it."""

    socket: socket.socket
    heads: list[bytes] = field(default_factory=list)
    left: bytes = b""

    def hear(self) -> bytes:
        """The head of the next request, without its end."""
        while b"\r\n\r\n" not in self.left:
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError
            self.left += data
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        self.heads.append(head)
        return head

    def say(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self, body: bytes, status: str = "200 OK", *fields: str) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields, "", ""]
        self.say("\r\n".join(lines).encode() + body)


@contextmanager
def scripted(
    *scripts: Script, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[Talk]]]:
    """Play one script a connection; give the port, and the talks as they come."""
    talks: list[Talk] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for script in scripts:
            try:
                taken, _ = server.accept()
            except OSError:
                return
            with taken, suppress(OSError):
                taken.settimeout(20)
                if tls is not None:
                    with tls.wrap_socket(taken, server_side=True) as sealed:
                        talks.append(Talk(sealed))
                        script(talks[-1])
                else:
                    talks.append(Talk(taken))
                    script(talks[-1])

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()[1], talks
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
