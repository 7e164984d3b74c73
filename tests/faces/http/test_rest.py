"""Tests of clearward.faces.http.rest."""

from collections.abc import Iterator

import pytest
from faces.http.fake import LIMIT, FakeDesk, Running, encrypted_zip, running, until
from support.marks import EICAR

from clearward.core.reasons import Reason


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as one:
        yield one


def test_a_plain_body_is_one_file(server: Running) -> None:
    said = server.ask("POST", "/v1/scan?name=a%20name", EICAR)
    assert said.status == 200
    assert said.json["outcome"] == "found"
    [file] = said.json["files"]
    assert (file["name"], file["bytes"]) == ("a name", len(EICAR))
    assert file["rules"] == [{"name": "Eicar-Test", "origin": "builtin"}]
    assert said.json["summary"]["protection"] == "B"


@pytest.mark.parametrize(
    ("content", "outcome", "reasons"),
    [
        (b"", "clean", []),
        (b"x", "clean", []),
        (encrypted_zip(), "unscanned", ["encrypted"]),
    ],
)
def test_each_outcome_is_a_result_and_no_error(
    server: Running, content: bytes, outcome: str, reasons: list[str]
) -> None:
    said = server.ask("POST", "/v1/scan", content)
    assert said.status == 200
    assert said.json["outcome"] == outcome
    assert said.json["files"][0]["reasons"] == reasons


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", "a/b; c=d"])
def test_the_type_of_a_body_does_not_matter(server: Running, kind: str) -> None:
    said = server.ask("POST", "/v1/scan", EICAR, {"Content-Type": kind})
    assert said.json["outcome"] == "found"


def test_a_body_may_come_in_chunks_of_unknown_length(server: Running) -> None:
    pieces = iter([b"x" * 70_000, EICAR[:9], EICAR[9:]])
    assert server.ask("POST", "/v1/scan", pieces).json["outcome"] == "found"


def test_the_query_may_name_a_deadline_and_ask_for_every_rule(server: Running) -> None:
    said = server.ask("POST", "/v1/scan?timeout=2.5&all=true", EICAR)
    assert len(said.json["files"][0]["rules"]) == 2
    assert server.desk.seconds[-1] == 2.5


@pytest.mark.parametrize(
    "query", ["timeout=0", "timeout=-1", "timeout=nan", "timeout=x", "all=maybe"]
)
def test_a_query_that_says_nothing_sensible_is_400(server: Running, query: str) -> None:
    assert server.ask("POST", f"/v1/scan?{query}", b"x").status == 400


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_over_the_limit_is_413(server: Running, *, chunked: bool) -> None:
    body = bytes(LIMIT + 1)
    said = server.ask("POST", "/v1/scan", iter([body]) if chunked else body)
    assert (said.status, said.json["error"]) == (413, "too-large")
    assert server.ask("POST", "/v1/scan", body[:-1]).status == 200


@pytest.mark.parametrize("sent", [0, 5])
def test_a_body_that_is_shorter_than_it_says_is_not_judged(
    server: Running, sent: int
) -> None:
    taken = server.desk.taken
    with server.connect() as client:
        head = b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
        client.sendall(head + b"x" * sent)
    assert server.ask("GET", "/v1/health").status == 200
    assert server.desk.taken == taken


def test_a_body_that_is_longer_than_it_says_ends_where_it_says(server: Running) -> None:
    with server.connect() as client:
        head = b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
        client.sendall(head + b"abc" + b"DEF\r\n\r\n")
        said = client.makefile("rb").read()
    assert said.count(b"HTTP/1.1 ") == 2
    assert b'"bytes":3' in said.partition(b"HTTP/1.1 400 ")[0]


def test_rules_are_told(server: Running) -> None:
    said = server.ask("GET", "/v1/rules").json
    assert (said["rules"], said["digest"]) == (7, "ab" * 32)
    assert said["reloading"] is False
    assert said["built"] < said["loaded"]


def test_rules_are_loaded_anew_on_demand(server: Running) -> None:
    said = server.ask("POST", "/v1/reload")
    assert (said.status, said.json) == (202, {"reloading": True})
    assert server.desk.reloads == 1


def test_who_leaves_gives_the_worker_back(server: Running) -> None:
    taken, cancelled = server.desk.taken, server.desk.cancelled
    server.desk.hold = True
    try:
        with server.connect() as client:
            head = b"POST /v1/scan HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"
            client.sendall(head + b"x")
            until(lambda: server.desk.taken > taken)
        assert until(lambda: server.desk.cancelled > cancelled) < 0.1
    finally:
        server.desk.hold = False


def test_a_worker_that_died_is_a_reason_and_not_clean() -> None:
    with running(desk=FakeDesk(Reason.WORKER_DIED)) as server:
        said = server.ask("POST", "/v1/scan", b"x").json
    assert said["outcome"] == "unscanned"
    assert said["files"][0]["reasons"] == ["worker-died"]
