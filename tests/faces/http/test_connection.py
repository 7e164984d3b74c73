"""Tests of clearward.faces.http.connection: what is slow, and what is not HTTP."""

import http.client
import json
import socket
import time
from collections.abc import Iterator

import pytest
from faces.http.fake import FakeDesk, Running, running, until
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.faces.http.arriving import Pace
from clearward.faces.http.outermost import MOST_HEAD
from clearward.faces.http.settings import HttpSettings

HASTY = HttpSettings(head=0.3, keep_alive=1, pace=Pace(silence=0.3, grace=0.4))
HEAD = b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(HASTY) as one:
        yield one


def everything(client: socket.socket) -> bytes:
    """What comes until the connection ends; a reset is an end."""
    said = b""
    try:
        while piece := client.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def refused(said: bytes, status: int) -> None:
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"content-type: application/json" in head.lower()
    assert set(json.loads(body)) == {"error", "detail"}


def test_who_says_nothing_is_closed(server: Running) -> None:
    with server.connect() as client:
        assert everything(client) == b""


def test_a_head_that_does_not_end_is_answered_and_closed(server: Running) -> None:
    with server.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost:")
        refused(everything(client), 408)


def trickle(client: socket.socket, data: bytes) -> None:
    """Send a byte at a time until the other side has had enough."""
    client.settimeout(0)
    end = time.monotonic() + 10
    for byte in data:
        time.sleep(0.02)  # the client is slow, that is the point
        assert time.monotonic() < end
        try:
            client.send(bytes((byte,)))
            client.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            continue
        except OSError:
            break
        break
    client.settimeout(10)


def test_a_head_that_comes_a_byte_at_a_time_is_closed_as_well(server: Running) -> None:
    with server.connect() as client:
        trickle(client, b"GET / HTTP/1.1\r\nX: " + b"x" * 1000)
        refused(everything(client), 408)


def test_the_second_head_has_the_same_deadline(server: Running) -> None:
    with server.connect() as client:
        client.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
        trickle(client, b"GET / HTTP/1.1\r\nX: " + b"x" * 1000)
        assert b"HTTP/1.1 408 " in everything(client)


def test_a_connection_that_is_idle_is_closed(server: Running) -> None:
    with server.connect() as client:
        client.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert everything(client).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_stops_is_answered_and_closed(server: Running) -> None:
    with server.connect() as client:
        client.sendall(HEAD + b"x")
        client.settimeout(20)
        refused(everything(client), 408)


def test_a_body_that_comes_a_byte_at_a_time_is_answered(server: Running) -> None:
    with server.connect() as client:
        client.sendall(HEAD)
        trickle(client, b"x" * 1000)
        assert client.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_many_slow_clients_cost_nobody_else(server: Running) -> None:
    slow = [server.connect() for _ in range(100)]
    try:
        for client in slow:
            client.sendall(HEAD + b"x")
        assert server.ask("POST", "/v1/scan", b"x").status == 200
    finally:
        for client in slow:
            client.close()


@pytest.mark.parametrize(
    "text",
    [
        b"nonsense\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * (MOST_HEAD + 9),
    ],
)
def test_what_is_not_http_is_answered_in_the_same_shape(
    server: Running, text: bytes
) -> None:
    with server.connect() as client:
        client.sendall(text)
        said = everything(client)
    assert said.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 "))
    refused(said, int(said[9:12]))


@pytest.mark.parametrize("chunk", [b"zz\r\n", b"5\r\nabcdefgh\r\n", b"-1\r\n"])
def test_chunks_that_lie_are_refused_and_not_judged(
    server: Running, chunk: bytes
) -> None:
    taken = server.desk.taken
    head = b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with server.connect() as client:
        client.sendall(head + chunk)
        refused(everything(client), 400)
    assert server.desk.taken == taken


def test_a_head_that_is_too_large_is_refused_even_if_it_comes_at_once(
    server: Running,
) -> None:
    for large in ("/" + "x" * MOST_HEAD, "/readyz?" + "x" * MOST_HEAD):
        said = server.ask("GET", large)
        assert (said.status, said.json["error"]) == (431, "too-large")
    said = server.ask("GET", "/readyz", None, {"X": "x" * MOST_HEAD})
    assert said.status == 431


def test_http_1_0_is_answered_and_closed(server: Running) -> None:
    with server.connect() as client:
        client.sendall(b"POST /v1/scan HTTP/1.0\r\nContent-Length: 1\r\n\r\nx")
        said = everything(client)
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b'"clean"' in said


def test_an_upgrade_is_not_given(server: Running) -> None:
    with server.connect() as client:
        client.sendall(
            b"GET /v1/health HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n"
            b"Upgrade: websocket\r\n\r\n"
        )
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_an_answer_does_not_wait_for_the_client_to_confirm_its_head(
    server: Running,
) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    times = []
    for _ in range(60):
        start = time.monotonic()
        client.request("GET", "/v1/health")
        client.getresponse().read()
        times.append(time.monotonic() - start)
    client.close()
    assert sorted(times)[30] < 0.03  # a delayed confirmation takes 0.04


def test_requests_may_be_sent_ahead(server: Running) -> None:
    one = b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
    with server.connect() as client:
        client.sendall(one * 5)
        assert everything(client).count(b"HTTP/1.1 200 ") == 5


BEGUN = b"POST /api/v3.0/scanmemory HTTP/1.1\r\nHost: x\r\n"


@given(st.lists(st.binary(max_size=60), max_size=4), st.sampled_from([b"", BEGUN]))
@settings(max_examples=50, deadline=None)
def test_arbitrary_bytes_get_an_answer_or_a_close(
    pieces: list[bytes], head: bytes
) -> None:
    with _SERVER.connect() as client:
        client.sendall(head + b"".join(pieces))
        client.shutdown(socket.SHUT_WR)
        said = everything(client)
    assert said == b"" or said.startswith(b"HTTP/1.1 ")
    assert b"Traceback" not in said


_SERVER: Running


@pytest.fixture(scope="module", autouse=True)
def _shared(server: Running) -> None:
    global _SERVER  # noqa: PLW0603 - hypothesis wants no fixture in what it repeats
    _SERVER = server


def test_more_connections_than_may_be_are_closed_at_once() -> None:
    with running(HttpSettings(connections=3)) as server:
        kept = [server.connect() for _ in range(3)]
        for client in kept:
            client.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
        with server.connect() as client:
            assert everything(client) == b""
        kept.pop().close()
        until(lambda: _answers(server))
        for client in kept:
            client.close()


def _answers(server: Running) -> bool:
    try:
        return server.ask("GET", "/v1/health").status == 200
    except OSError:
        return False


def test_who_does_not_take_its_answers_is_cut(server: Running) -> None:
    one = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with server.connect() as client:
        client.sendall(one * 3000)
        client.settimeout(0)
        until(lambda: _is_cut(client, one))


def _is_cut(client: socket.socket, data: bytes) -> bool:
    try:
        client.send(data)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return False


def test_a_client_that_sends_ahead_is_not_read_without_end() -> None:
    """While one request is judged, what comes behind it waits in the kernel."""
    with running(desk=FakeDesk(hold=True)) as server, server.connect() as client:
        client.sendall(
            b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
        )
        client.settimeout(0.5)
        ahead = b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n" * 1_000_000
        with pytest.raises(TimeoutError):
            client.sendall(ahead)
