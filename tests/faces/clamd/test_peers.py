"""Who is at the other end, and whether anybody still is."""

import os
import socket
from collections.abc import Iterator

import pytest

from clearward.faces.clamd.peers import find_out, gone, numeric, tenant_of


@pytest.fixture(params=["127.0.0.1", "::1"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[socket.socket, ...]]:
    """A connection over the loopback: the server's end and the client's."""
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    try:
        listener = socket.create_server((request.param, 0), family=family)
    except OSError:
        pytest.skip(f"there is no {request.param} here")
    with listener, socket.create_connection(listener.getsockname()[:2]) as client:
        server, _ = listener.accept()
        with server:
            yield server, client


def test_a_client_is_known_by_its_user_or_its_address(
    pair: tuple[socket.socket, ...],
) -> None:
    server, _ = pair
    address = server.getpeername()
    assert tenant_of(server, address) == f"ip:{numeric(address)}"
    one, other = socket.socketpair()
    with one, other:
        assert tenant_of(one, "") == f"uid:{os.geteuid()}"
        assert numeric("") == ""


def test_who_only_stops_sending_has_not_gone(pair: tuple[socket.socket, ...]) -> None:
    server, client = pair
    client.shutdown(socket.SHUT_WR)
    assert server.recv(1) == b""
    assert not gone(server)
    find_out(server)
    client.close()
    assert gone(server)


def test_a_unix_socket_tells_the_difference() -> None:
    one, other = socket.socketpair()
    with one:
        with other:
            other.shutdown(socket.SHUT_WR)
            assert not gone(one)
            find_out(one)
        assert gone(one)
