"""Behaviour of the one door out, on real sockets."""

import hashlib
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.doors import ASKED, HEAD, ask, door, ended, here, plain, told, twice
from support.scripted import Script, Talk, scripted

from clearward.core.errors import Refused, Unavailable
from clearward.egress.door import Door, Elsewhere, NotThere
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Answer, Key, Reason, Request


@contextmanager
def nobody_comes() -> Iterator[int]:
    """A server that nobody so much as connects to; give its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
        assert select.select([server], [], [], 0)[0] == []


def test_what_leaves_holds_nothing_of_the_machine(tmp_path: Path) -> None:
    with scripted(plain) as (port, talks):
        answers = ask(door(tmp_path, port), port, ASKED)
        assert answers == [Answer(200, "text/plain", b"body")]
    assert talks[0].heads == [HEAD % port]
    (record,) = told(tmp_path)
    opened, closed = record.opened, ended(record)
    assert (opened.reason, opened.destination) == ("update", f"127.0.0.1:{port}")
    assert record.requests == ["GET /metadata/timestamp.json"]
    assert closed.sent == len(HEAD % port) + 4
    assert list(closed.answers) == [hashlib.sha256(b"body").hexdigest()]


def test_requests_share_a_connection(tmp_path: Path) -> None:
    with scripted(twice) as (port, talks):
        assert len(ask(door(tmp_path, port), port, ASKED, Request("GET", "/b"))) == 2
    assert len(talks) == 1
    (record,) = told(tmp_path)
    assert record.requests == ["GET /metadata/timestamp.json", "GET /b"]


def test_a_connection_that_was_closed_between_requests_is_made_again(
    tmp_path: Path,
) -> None:
    with scripted(plain, plain) as (port, talks):
        assert len(ask(door(tmp_path, port), port, ASKED, ASKED)) == 2
    assert len(talks) == len(told(tmp_path)) == 2


def test_what_nobody_named_is_not_asked(tmp_path: Path) -> None:
    with nobody_comes() as port:
        made = Door(Ledger(str(tmp_path)), Policy())
        with pytest.raises(Refused, match="not allowed"):
            ask(made, port, ASKED)
    assert not told(tmp_path)


def test_a_request_for_rules_carries_nothing(tmp_path: Path) -> None:
    posted = Request("POST", "/a", b"secret", "text/plain")
    with nobody_comes() as port:
        made = door(tmp_path, port)
        with (
            pytest.raises(Refused, match="nothing is sent"),
            made.connection(here(port), Reason.UPDATE, seconds=10) as to,
        ):
            to.ask(posted, most=99)


def test_a_body_is_told_by_its_digest(tmp_path: Path) -> None:
    def script(talk: Talk) -> None:
        head = talk.hear()
        assert head.endswith(b"Content-Type: text/plain\r\nContent-Length: 5")
        while len(talk.left) < 5:
            talk.left += talk.socket.recv(99)
        talk.answer(b"")

    with scripted(script) as (port, _):
        ask(door(tmp_path, port), port, Request("POST", "/a", b"hello", "text/plain"))
    (record,) = told(tmp_path)
    assert record.bodies == [hashlib.sha256(b"hello").hexdigest()]


def test_nothing_leaves_when_the_ledger_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_bytes(b"not a folder")
    with nobody_comes() as port, pytest.raises((Refused, Unavailable)):
        ask(door(tmp_path, port), port, ASKED)


def test_nobody_there_is_said_and_told(tmp_path: Path) -> None:
    with scripted() as (port, _):
        pass
    with pytest.raises(Unavailable, match=f"127.0.0.1:{port}: Connection refused"):
        ask(door(tmp_path, port), port, ASKED)
    assert ended(told(tmp_path)[0]).sent == 0


def moved(location: str) -> Script:
    def script(talk: Talk) -> None:
        talk.hear()
        talk.answer(b"", "302 Found", f"Location: {location}")
        talk.hear()
        talk.answer(b"there")

    return script


def test_a_server_may_send_us_on_to_itself(tmp_path: Path) -> None:
    with scripted(moved("../other?a=b")) as (port, talks):
        (answer,) = ask(door(tmp_path, port), port, ASKED)
    assert answer.body == b"there"
    assert talks[0].heads[1].startswith(b"GET /other?a=b HTTP/1.1")


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://127.0.0.1:1/",
        "https://127.0.0.1/",
        "//localhost/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://[::1",
        "gopher:",
        "/\x80",
    ],
)
def test_a_server_that_sends_us_elsewhere_is_refused(
    tmp_path: Path, location: str
) -> None:
    with scripted(moved(location)) as (port, talks):
        with pytest.raises(Refused, match="sends us on"):
            ask(door(tmp_path, port), port, ASKED)
        assert len(talks[0].heads) == 1


def test_where_it_sends_us_is_told_to_who_asks(tmp_path: Path) -> None:
    with scripted(moved("http://10.0.0.1/a?b#c")) as (port, _):
        with pytest.raises(Elsewhere) as raised:
            ask(door(tmp_path, port), port, ASKED)
        assert str(raised.value.destination) == "10.0.0.1:80"
        assert raised.value.target == "/a?b"


def test_a_key_is_for_sources_alone(tmp_path: Path) -> None:
    asked = Request("GET", "/{key}", key=Key("k" * 16))
    with scripted() as (port, talks):
        with pytest.raises(Refused, match="for import alone"):
            ask(door(tmp_path, port), port, asked)
        assert not talks
    assert not told(tmp_path)


def test_a_place_inside_the_site_can_be_ruled_out(tmp_path: Path) -> None:
    with scripted() as (port, talks):
        made = door(tmp_path, port)
        with (
            pytest.raises(Refused, match=r"127\.0\.0\.1 is not public"),
            made.connection(here(port), Reason.UPDATE, seconds=10, public=True) as to,
        ):
            to.ask(ASKED, most=9)
        assert not talks
    assert ended(told(tmp_path)[0]).sent == 0


def test_a_server_that_sends_us_round_is_left(tmp_path: Path) -> None:
    def script(talk: Talk) -> None:
        while True:
            talk.hear()
            talk.answer(b"", "301 Moved", "Location: /again")

    with scripted(script) as (port, _), pytest.raises(Refused, match="again and again"):
        ask(door(tmp_path, port), port, ASKED)


def test_pieces_come_as_they_are_sent(tmp_path: Path) -> None:
    def script(talk: Talk) -> None:
        talk.hear()
        talk.answer(b"y" * 200_000)
        talk.hear()
        talk.answer(b"nothing", "404 Not Found")
        plain(talk)

    with scripted(script) as (port, talks):
        made = door(tmp_path, port)
        with made.connection(here(port), Reason.UPDATE, seconds=10) as to:
            assert b"".join(to.fetch(ASKED, most=200_000)) == b"y" * 200_000
            with pytest.raises(NotThere) as raised:
                list(to.fetch(ASKED, most=9))
            assert raised.value.status == 404
            assert b"".join(to.fetch(ASKED, most=9)) == b"body"
        assert len(talks) == 1


def test_a_self_test_speaks_as_the_site_does_and_is_told(tmp_path: Path) -> None:
    named = Policy.of({Reason.SELFTEST: [here(1)]})
    with scripted(plain) as (port, talks):
        made = Door(Ledger(str(tmp_path)), Policy.of({Reason.SELFTEST: [here(port)]}))
        with made.talk(here(port), "PUT /a", b"b", seconds=10) as carrier:
            carrier.write(b"PUT /a HTTP/1.1\r\nCookie: c\r\n\r\n")
            assert carrier.read().startswith(b"HTTP/1.1 200 OK")
        with (
            pytest.raises(Refused, match="not allowed"),
            Door(made.ledger, named).talk(here(port), "PUT /b", b"", seconds=10),
        ):
            pass
    assert talks[0].heads == [b"PUT /a HTTP/1.1\r\nCookie: c"]
    (record,) = told(tmp_path)
    assert record.requests == ["PUT /a"]
    assert record.bodies == [hashlib.sha256(b"b").hexdigest()]
    assert ended(record).sent == 30
