"""Tests of clearward.faces.http.upload: several files in one request."""

import os
from collections.abc import Iterator

import pytest
from faces.http.fake import LIMIT, FakeDesk, Running, Said, running, until
from support.marks import EICAR

from clearward.faces.http.office import AT_ONCE
from clearward.faces.http.settings import HttpSettings
from clearward.faces.http.upload import TOGETHER

KIND = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(HttpSettings(parts=12)) as one:
        yield one


def part(name: str, content: bytes) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n"


def send(server: Running, *contents: bytes, end: bytes = b"--b--\r\n") -> Said:
    parts = [part(f"{number}", each) for number, each in enumerate(contents)]
    return server.ask("POST", "/v1/scan", b"".join([*parts, end]), KIND)


def test_every_file_has_its_row_in_order(server: Running) -> None:
    said = send(server, b"harmless", EICAR, b"")
    assert said.status == 200
    assert [each["name"] for each in said.json["files"]] == ["0", "1", "2"]
    outcomes = [each["outcome"] for each in said.json["files"]]
    assert outcomes == ["clean", "found", "clean"]
    assert said.json["outcome"] == "found"
    assert said.json["summary"]["files"] == 3


def test_a_body_without_a_file_or_without_an_end_is_400(server: Running) -> None:
    assert send(server).status == 400
    assert send(server, b"x", end=b"").status == 400
    assert server.ask("POST", "/v1/scan", b"no parts", KIND).status == 400


def test_a_file_over_the_limit_is_413(server: Running) -> None:
    assert send(server, b"x", bytes(LIMIT)).status == 200
    assert send(server, b"x", bytes(LIMIT + 1)).status == 413


def test_files_that_are_too_large_together_are_413(server: Running) -> None:
    assert send(server, *[bytes(LIMIT)] * TOGETHER).status == 200
    assert send(server, *[bytes(LIMIT)] * TOGETHER, b"x").status == 413


def test_more_files_than_may_be_are_413(server: Running) -> None:
    assert send(server, *[b"x"] * 12).status == 200
    said = send(server, *[b"x"] * 13)
    assert (said.status, said.json["error"]) == (413, "too-many")


def test_one_request_does_not_fill_the_desk(server: Running) -> None:
    """Files wait in the request itself; who leaves takes all of them back."""
    taken, cancelled = server.desk.taken, server.desk.cancelled
    body = b"".join([part("x", b"x")] * 12) + b"--b--\r\n"
    head = (
        "POST /v1/scan HTTP/1.1\r\nHost: x\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}"
    )
    before = len(os.listdir("/proc/self/fd"))
    server.desk.hold = True
    try:
        with server.connect() as client:
            client.sendall(head.encode() + b"\r\n\r\n" + body)
            until(lambda: server.desk.taken == taken + AT_ONCE)
            assert server.ask("GET", "/v1/health").status == 200
            assert server.desk.taken == taken + AT_ONCE
        until(lambda: server.desk.cancelled == cancelled + AT_ONCE)
    finally:
        server.desk.hold = False
    until(lambda: len(os.listdir("/proc/self/fd")) <= before)


def test_a_full_desk_refuses_the_request() -> None:
    with running(desk=FakeDesk(full=True)) as server:
        said = send(server, b"a", b"b")
    assert (said.status, said.json["error"]) == (503, "busy")
