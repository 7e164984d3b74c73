"""The other end of the lab: a server of static files that keeps what it is sent.

It serves `/size/N`, N bytes of nothing, and the files of a folder. Every byte that
arrives is kept, by connection and in order, and given back over a channel: what is seen
here is all that a mirror, a proxy or whoever listens on the line could see.
"""

import json
import os
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from clearward.core.errors import Unavailable
from clearward.faces.prove.request import Asked, Requests

_PIECE = 1 << 16
_MOST_SIZE = 1 << 26
_TAKE, _COUNT = b"t", b"c"


@dataclass(slots=True)
class Peer:
    """The server.

    Args:
        listener: where connections arrive.
        folder: whose files are served.
    """

    listener: socket.socket
    folder: str
    _kept: list[bytearray] = field(default_factory=list)

    def serve(self, channel: socket.socket) -> None:
        """Serve until the other side of the channel ends it, or is gone.

        Each question is answered with the length of what follows, a line, and JSON: a
        list of what was received by each connection, in hexadecimal, which is forgotten
        then; or what the kernel counts here.
        """
        threading.Thread(target=self._accept, daemon=True).start()
        while asked := channel.recv(1):
            told: str | list[str] = here()
            if asked == _TAKE:
                kept, self._kept = self._kept, []
                told = [bytes(one).hex() for one in kept]
            said = json.dumps(told).encode("ascii")
            channel.sendall(b"%d\n" % len(said) + said)

    def _accept(self) -> None:
        while True:
            link, _ = self.listener.accept()
            kept = bytearray()
            self._kept.append(kept)
            threading.Thread(target=self._talk, args=(link, kept), daemon=True).start()

    def _talk(self, link: socket.socket, kept: bytearray) -> None:
        requests = Requests()
        with link, suppress(OSError):
            while data := link.recv(_PIECE):
                kept += data
                for asked in requests.receive(data):
                    link.sendall(self._answer(asked))

    def _answer(self, asked: Asked) -> bytes:
        body = self._body(asked.target)
        status = b"404 Not Found" if body is None else b"200 OK"
        body = body or b""
        head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        return head + body

    def _body(self, target: str) -> bytes | None:
        """Return a file, or as many bytes of nothing as are asked for."""
        front, _, size = target.rpartition("/")
        if front == "/size" and size.isdecimal() and int(size) <= _MOST_SIZE:
            return bytes(int(size))
        path = os.path.normpath(os.path.join(self.folder, target.lstrip("/")))
        if os.path.commonpath([self.folder, path]) != self.folder:
            return None
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError:
            return None


def taken(channel: socket.socket) -> tuple[bytes, ...]:
    """Return what each connection has sent since it was last asked."""
    return tuple(bytes.fromhex(one) for one in _asked(channel, _TAKE))


def counted(channel: socket.socket) -> str:
    """Return the tables of what the kernel counts at the other end."""
    return str(_asked(channel, _COUNT))


def here() -> str:
    """Return the same for this end."""
    tables = []
    for name in ("snmp", "netstat"):
        with open(f"/proc/net/{name}", encoding="ascii") as file:
            tables.append(file.read())
    return "".join(tables)


def _asked(channel: socket.socket, question: bytes) -> Any:  # noqa: ANN401 - JSON
    channel.sendall(question)
    with channel.makefile("rb", buffering=0) as reader:
        said = b""
        while not said.endswith(b"\n"):
            said += _some(reader.read(1))
        told = b""
        while len(told) < int(said):
            told += _some(reader.read(int(said) - len(told)))
    return json.loads(told)


def _some(data: bytes | None) -> bytes:
    if not data:
        raise Unavailable("the other end of the lab has gone")
    return data
