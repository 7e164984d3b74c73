"""Addresses are read, and nobody is waited for too long."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import NotAble
from clearward.faces.selftest.dialing import Line, Place, place


@pytest.mark.parametrize(
    ("text", "read", "local"),
    [
        ("127.0.0.1", Place("127.0.0.1", 25), True),
        ("tcp:10.0.0.1:7", Place("10.0.0.1", 7), False),
        ("[::1]:7", Place("::1", 7), True),
        ("localhost:7", Place("localhost", 7), True),
        ("mx.example", Place("mx.example", 25), False),
        ("127.0.0.1.example", Place("127.0.0.1.example", 25), False),
        ("unix:/run/a b", Place(path="/run/a b"), True),
    ],
)
def test_addresses_are_read(text: str, read: Place, local: bool) -> None:  # noqa: FBT001
    assert place(text, 25) == read
    assert read.local is local


@pytest.mark.parametrize("text", ["", "a:b", "a:0", "a:65536", "::1", "unix:", "a b"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        place(text, 25)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = place(text, 25)
    except Refused:
        return
    assert bool(read.path) != bool(read.host)


def test_silence_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        where = Place("127.0.0.1", server.getsockname()[1])
        with Line(where, 0.05) as line, pytest.raises(NotAble):
            line.receive()


def test_a_server_that_trickles_is_not_waited_for() -> None:
    """The deadline is for all of it, not for each byte."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        where = Place("127.0.0.1", server.getsockname()[1])
        with Line(where, 0.2) as line:
            peer, _ = server.accept()
            with peer:
                assert _ends(line, peer)


def _ends(line: Line, peer: socket.socket) -> bool:
    for _ in range(100_000):
        peer.sendall(b"x")
        try:
            line.receive()
        except NotAble:
            return True
    return False


def test_nobody_there_is_said() -> None:
    with pytest.raises(NotAble, match="refused"):
        Line(Place("127.0.0.1", 1))
    with pytest.raises(NotAble, match="no such host"):
        Line(Place("a" * 300, 1))
    with pytest.raises(NotAble):
        Line(Place(path="/nowhere/at/all"))
