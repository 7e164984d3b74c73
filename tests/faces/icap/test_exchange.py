"""Requests and answers, before a desk that pretends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.icap_client import (
    ANSWER,
    GET,
    POST,
    Client,
    chunked,
    connect,
    reqmod,
    request,
    respmod,
)
from support.icap_server import Pretended, converse, running
from support.marks import EICAR
from support.serving import play

HEADS = {"req-hdr": GET, "res-hdr": ANSWER}
LARGE = b"hello clean world\n" * 10_000
CLOSING = ("Allow: 204", "Connection: close")


@pytest.mark.parametrize("ask", [respmod, reqmod])
def test_what_is_clean_is_used_as_it_is(
    tmp_path: Path, ask: Callable[..., bytes]
) -> None:
    async def scene(client: Client, _desk: Pretended) -> None:
        assert (await client.ask(ask(b"hello", "Allow: 204"))).status == 204
        for content in (b"hello", LARGE, b""):
            answer = await client.ask(ask(content))
            side = "res" if ask is respmod else "req"
            assert answer.status == 200
            assert answer.sections == (f"{side}-hdr", f"{side}-body")
            assert answer.http == (ANSWER if ask is respmod else POST)
            assert answer.body == content

    converse(tmp_path, scene)


@pytest.mark.parametrize("ask", [respmod, reqmod])
def test_what_is_found_is_a_page_in_its_place(
    tmp_path: Path, ask: Callable[..., bytes]
) -> None:
    async def scene(client: Client, _desk: Pretended) -> None:
        answer = await client.ask(ask(EICAR, "Allow: 204"))
        assert answer.status == 200
        assert answer.sections == ("res-hdr", "res-body")
        assert answer.http.startswith(b"HTTP/1.0 403 Forbidden\r\n")
        assert b"Eicar-&lt;Test&gt;" in answer.body
        assert b"http://example.test/" in answer.body
        for name in ("x-infection-found", "x-violations-found", "x-virus-id"):
            assert "Eicar-<Test>" in answer.fields[name]
        assert (await client.ask(ask(b"x", "Allow: 204"))).status == 204

    converse(tmp_path, scene)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("encrypted", "password_protected"),
        ("corrupt", "decode_error"),
        ("depth-limit", "max_archive_layers_exceeded"),
        ("time-limit", "time_limit_exceeded"),
    ],
)
def test_what_was_not_looked_at_is_an_error(
    tmp_path: Path, said: str, code: str
) -> None:
    async def scene(client: Client, _desk: Pretended) -> None:
        for ask in (reqmod, respmod):
            for fields in ((), ("Allow: 204",)):
                answer = await client.ask(ask(f"!{said}".encode(), *fields))
                assert answer.status == 500
                assert answer.fields["x-error-code"] == code
                assert answer.fields["x-unscanned"] == said

    converse(tmp_path, scene)


@pytest.mark.parametrize("size", [0, 1, 1024, len(LARGE) - 1])
def test_a_preview_is_gone_on_with(tmp_path: Path, size: int) -> None:
    async def scene(client: Client, desk: Pretended) -> None:
        for content in (LARGE, EICAR + LARGE):
            begin = chunked(content[:size])
            ask = request("RESPMOD", HEADS, begin, f"Preview: {size}", "Allow: 204")
            assert (await client.ask(ask)).status == 100
            answer = await client.ask(chunked(content[size:]))
            assert answer.status == (204 if content is LARGE else 200)
            assert desk.seen[-1] == content

    converse(tmp_path, scene)


def test_a_preview_that_is_all_is_judged_at_once(tmp_path: Path) -> None:
    async def scene(client: Client, _desk: Pretended) -> None:
        for content, status in ((b"hello", 204), (EICAR, 200), (b"", 204)):
            whole = chunked(content, ieof=True)
            ask = request("RESPMOD", HEADS, whole, "Preview: 1024", "Allow: 204")
            assert (await client.ask(ask)).status == status
        whole = chunked(b"hello", ieof=True)
        ask = request("RESPMOD", HEADS, whole, "Preview: 1024")
        assert (await client.ask(ask)).body == b"hello"

    converse(tmp_path, scene)


def test_a_request_without_a_body_is_let_through(tmp_path: Path) -> None:
    async def scene(client: Client, desk: Pretended) -> None:
        ask = request("REQMOD", {"req-hdr": GET}, None, "Allow: 204")
        assert (await client.ask(ask)).status == 204
        answer = await client.ask(request("REQMOD", {"req-hdr": GET}, None))
        assert answer.sections == ("req-hdr", "null-body")
        assert answer.http == GET
        assert desk.seen == []

    converse(tmp_path, scene)


def test_a_mail_of_rspamd(tmp_path: Path) -> None:
    async def scene(client: Client, _desk: Pretended) -> None:
        options = (
            b"OPTIONS icap://127.0.0.1:1344/scan ICAP/1.0\r\nHost:127.0.0.1\r\n"
            b"User-Agent: Rspamd\r\nEncapsulated: null-body=0\r\n\r\n"
        )
        assert "RESPMOD" in (await client.ask(options)).fields["methods"]
        for allow in (("Allow: 204",), ()):
            ask = request("RESPMOD", {}, chunked(b"mail"), *allow, service="scan")
            answer = await client.ask(ask)
            assert answer.status == (204 if allow else 200)
            assert answer.body == (b"" if allow else b"mail")
        found = request("RESPMOD", {}, chunked(EICAR), service="scan")
        assert "x-infection-found" in (await client.ask(found)).fields

    converse(tmp_path, scene)


@pytest.mark.parametrize("method", ["REQMOD", "RESPMOD"])
def test_a_file_of_nextcloud(tmp_path: Path, method: str) -> None:
    heads = {"req-hdr": b"PUT / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"}
    if method == "RESPMOD":
        # The length is a dummy; the body is as long as it is.
        answer = b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n"
        heads = {"req-hdr": b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"}
        heads |= {"res-hdr": answer}

    async def whole() -> None:
        async with running(Pretended(), tmp_path) as icap:
            for content, status in ((LARGE, 204), (EICAR, 200), (b"", 204)):
                client = await connect(icap.port)
                ask = request(method, heads, chunked(content), *CLOSING)
                # An empty file is sent with two ends.
                client.send(ask + (b"0\r\n\r\n" if not content else b""))
                answer = await client.answer()
                assert answer.status == status
                assert (b" 403 Forbidden" in answer.http) == (status == 200)
                assert await client.closed() == b""
                await client.close()

    play(whole)


@pytest.mark.parametrize("ask", [reqmod, respmod])
def test_an_unknown_service_is_told_at_once(
    tmp_path: Path, ask: Callable[..., bytes]
) -> None:
    async def scene(client: Client, desk: Pretended) -> None:
        for service in (b"echo", b"avscanx", b"AVSCAN", b"avscan/x"):
            options = b"OPTIONS icap://h/" + service + b" ICAP/1.0\r\n\r\n"
            assert (await client.ask(options)).status == 404
        wrong = ask(LARGE).replace(b"/avscan", b"/echo")
        assert (await client.ask(wrong)).status == 404
        assert await client.closed() == b""
        assert desk.seen == []

    converse(tmp_path, scene)


def test_the_tag_is_in_every_answer_and_follows_the_rules(tmp_path: Path) -> None:
    async def scene(client: Client, desk: Pretended) -> None:
        asks = (
            b"OPTIONS icap://h/avscan ICAP/1.0\r\n\r\n",
            b"OPTIONS icap://h/none ICAP/1.0\r\n\r\n",
            respmod(b"x", "Allow: 204"),
            respmod(EICAR),
            respmod(b"!encrypted"),
        )
        tags = [(await client.ask(ask)).fields["istag"] for ask in asks]
        assert len(set(tags)) == 1
        desk.digest = "cd" * 32
        other = (await client.ask(asks[0])).fields["istag"]
        assert other not in tags
        desk.ready = False
        assert (await client.ask(asks[0])).fields["istag"] == other

    converse(tmp_path, scene)
