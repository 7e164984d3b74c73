"""A server that says what a test wants it to say."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Play = Callable[[socket.socket], None]


@contextmanager
def playing(path: Path, *plays: Play) -> Iterator[None]:
    """Listen at a path; each connection is played by the next of `plays`."""
    errors: list[BaseException] = []

    def serve() -> None:
        try:
            for play in plays:
                link, _ = listener.accept()
                with link:
                    link.settimeout(30)
                    play(link)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            errors.append(error)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        listener.settimeout(30)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            thread.join()
    assert errors == []


def until(link: socket.socket, end: bytes) -> bytes:
    """Read up to some bytes."""
    data = b""
    while not data.endswith(end):
        more = link.recv(65536)
        if not more:
            break
        data += more
    return data


def says(command: bytes, *replies: bytes) -> Play:
    """Read a command, answer, and close."""

    def play(link: socket.socket) -> None:
        assert until(link, b"\0") == command
        for reply in replies:
            link.sendall(reply)

    return play
