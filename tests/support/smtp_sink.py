"""A mail server that takes every mail, for what passes a filter."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from support.daemons import SECONDS


@contextmanager
def sink() -> Iterator[int]:
    """Run one on a port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def _serve(listening: socket.socket) -> None:
    while True:
        try:
            one, _ = listening.accept()
        except OSError:
            return
        one.settimeout(SECONDS)
        with one, one.makefile("rwb", buffering=0) as both:
            _take(both)


def _take(both: socket.SocketIO) -> None:
    both.write(b"220 sink.example.org ESMTP\r\n")
    for line in both:
        word = line[:4].upper()
        if word == b"QUIT":
            both.write(b"221 bye\r\n")
            return
        if word == b"DATA":
            both.write(b"354 go on\r\n")
            while both.readline() not in {b".\r\n", b""}:
                pass
        both.write(b"250 taken\r\n")
