"""A connection hears what is said early, and never waits for ever."""

import os
import socket
from pathlib import Path

import pytest
from support.fake_clamd import playing, says, until

from clearward.faces.clamav.link import Link, NoLink, Server
from clearward.faces.clamav.wire import CHUNK, Unclear


def test_a_command_and_its_answer(tmp_path: Path) -> None:
    path = tmp_path / "s"
    pong = says(b"zPING\0", b"PO", b"NG\0")
    with playing(path, pong), Link(Server(path=str(path))) as link:
        link.command(b"PING")
        assert list(link.lines()) == [b"PONG"]


def test_an_answer_without_an_end_is_one(tmp_path: Path) -> None:
    path = tmp_path / "s"
    late = says(b"zX\0", b"COMMAND READ TIMED OUT\n")
    with playing(path, late), Link(Server(path=str(path))) as link:
        link.command(b"X")
        assert link.line() == b"COMMAND READ TIMED OUT"


def test_a_stream_that_is_refused_is_not_sent_to_its_end(tmp_path: Path) -> None:
    """The server answers the first chunk and reads no more."""
    path, body = tmp_path / "s", tmp_path / "body"
    with body.open("wb") as file:
        file.truncate(CHUNK * 1000)

    def refuse(link: socket.socket) -> None:
        link.recv(100)
        link.sendall(b"too long ERROR\0")
        assert link.recv(1)  # it stays open: whoever only sends would wait
        until(link, b"never")

    descriptor = os.open(body, os.O_RDONLY)
    with playing(path, refuse), Link(Server(path=str(path))) as link:
        link.command(b"INSTREAM")
        link.stream(descriptor, heed=True)
        sent = os.lseek(descriptor, 0, os.SEEK_CUR)
        assert link.line() == b"too long ERROR"
    os.close(descriptor)
    assert sent < CHUNK * 1000


def test_a_descriptor_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "s"
    (tmp_path / "f").write_bytes(b"content")

    def take(link: socket.socket) -> None:
        _, descriptors, _, _ = socket.recv_fds(link, 1, 4)
        assert os.read(descriptors[0], 100) == b"content"
        os.close(descriptors[0])
        link.sendall(b"fd[9]: OK\0")

    descriptor = os.open(tmp_path / "f", os.O_RDONLY)
    with playing(path, take), Link(Server(path=str(path))) as link:
        link.descriptor(descriptor)
        assert link.line() == b"fd[9]: OK"
    os.close(descriptor)


def test_who_is_not_there_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "no")
    with pytest.raises(NoLink, match=f"LocalSocket {missing}: No such file"):
        Link(Server(path=missing))
    with pytest.raises(NoLink, match="lookup"):
        Link(Server(host="a" * 300, port=1))
    with pytest.raises(NoLink, match="LocalSocket"):
        Link(Server(path="a" * 300))


def test_silence_ends_in_time(tmp_path: Path) -> None:
    path = tmp_path / "s"

    def wait(link: socket.socket) -> None:
        until(link, b"never")

    with playing(path, wait):
        link = Link(Server(path=str(path)), 0.05)
        with link, pytest.raises(TimeoutError):
            link.line()


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s"

    def shout(link: socket.socket) -> None:
        try:
            while True:
                link.sendall(b"A" * 65536)
        except OSError:
            pass

    with playing(path, shout):
        link = Link(Server(path=str(path)))
        with link, pytest.raises(Unclear):
            link.line()
