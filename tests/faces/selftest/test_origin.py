"""The origin gives its one file to who knows the name, and nothing else."""

import socket

import pytest

from clearward.faces.selftest.chain import NotAble
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.origin import Origin
from clearward.faces.selftest.requests import Request, exchange


def test_only_the_secret_name_is_served() -> None:
    with Origin("/secret", b"content") as origin:
        where = Place("127.0.0.1", origin.port)
        assert exchange(where, Request("GET", "/", "h")).status == 404
        assert not origin.asked
    with Origin("/secret", b"content") as origin:
        where = Place("127.0.0.1", origin.port)
        answer = exchange(where, Request("GET", "/secret", "h"))
        assert (answer.status, answer.body) == (200, b"content")
        assert origin.asked
    with pytest.raises(NotAble):
        exchange(where, Request("GET", "/secret", "h"))


def test_what_is_no_request_is_closed_and_the_next_is_served() -> None:
    with Origin("/secret", b"content") as origin:
        with socket.create_connection(("127.0.0.1", origin.port)) as line:
            line.sendall(b"\0\r\n\r\n")
            assert line.recv(100) == b""
        where = Place("127.0.0.1", origin.port)
        assert exchange(where, Request("GET", "/secret", "h")).status == 200
