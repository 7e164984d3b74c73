"""Tests of clearward.faces.http.outermost."""

import asyncio
import io

import pytest
from faces.http.fake import FakeDesk, service
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clearward.faces.http import outermost
from clearward.faces.http.outermost import MOST_DRAINED, Outermost
from clearward.service.logs import logger

PIECE = 1 << 20


class Client:
    """Sends pieces for ever, or none; keeps what it is sent."""

    def __init__(self, *headers: tuple[bytes, bytes], silent: bool = False) -> None:
        self.scope: Scope = {
            "type": "http",
            "method": "POST",
            "raw_path": b"/",
            "query_string": b"",
            "headers": list(headers),
        }
        self.sent = 0
        self.messages: list[Message] = []
        self._silent = silent

    async def receive(self) -> Message:
        if self._silent:
            await asyncio.sleep(3600)
        self.sent += PIECE
        return {"type": "http.request", "body": bytes(PIECE), "more_body": True}

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    def ask(self, application: ASGIApp) -> None:
        wrapped = Outermost(application, service(FakeDesk()))
        asyncio.run(wrapped(self.scope, self.receive, self.send))

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])


LONG = (b"content-length", b"999999999999")


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("no", 413)(scope, receive, send)


async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ZeroDivisionError("a secret")


def test_the_answer_is_whole_before_the_rest_is_read_away() -> None:
    client = Client(LONG)
    client.ask(refuse)
    start, first, last = client.messages
    assert start["status"] == 413
    assert (first["body"], first["more_body"]) == (b"no", True)
    assert (last["body"], last["more_body"]) == (b"", False)
    assert client.headers[b"connection"] == b"close"
    assert MOST_DRAINED <= client.sent <= MOST_DRAINED + PIECE


def test_who_sends_nothing_more_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outermost, "DRAINING", 0.05)
    client = Client(LONG, silent=True)
    client.ask(refuse)
    assert client.messages[-1]["more_body"] is False


def test_who_waits_for_a_word_to_go_on_is_not_asked_to() -> None:
    client = Client(LONG, (b"expect", b"100-continue"))
    client.ask(refuse)
    assert client.sent == 0
    assert client.messages[-1]["more_body"] is False


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"0")]])
def test_without_a_body_nothing_is_read(headers: list[tuple[bytes, bytes]]) -> None:
    client = Client(*headers)
    client.ask(refuse)
    assert client.sent == 0
    assert b"connection" not in client.headers


def test_a_fault_of_ours_is_500_and_tells_only_the_log_where() -> None:
    client = Client()
    log = io.StringIO()
    whole = service(FakeDesk())
    object.__setattr__(whole, "log", logger(log, {}))
    asyncio.run(Outermost(fail, whole)(client.scope, client.receive, client.send))
    assert client.messages[0]["status"] == 500
    assert b"secret" not in client.messages[1]["body"]
    assert "ZeroDivisionError" in log.getvalue()
    assert "secret" not in log.getvalue()


def test_what_is_not_a_request_is_left_alone() -> None:
    client = Client()
    client.scope["type"] = "lifespan"
    client.ask(fail)
    assert client.messages == []
