"""What gets no verdict, and what a scan would not see."""

import io
import zipfile
from dataclasses import replace
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
from support.icap_server import BUSY, FAULT, MOST, NO_JAIL, Pretended, converse, running
from support.marks import EICAR
from support.serving import desk, play


def test_what_says_that_it_is_too_large_is_not_sent(tmp_path: Path) -> None:
    answer = ANSWER.replace(b"\r\n\r\n", b"\r\nContent-Length: 9999999999\r\n\r\n")

    async def scene(client: Client, desk: Pretended) -> None:
        heads = {"req-hdr": GET, "res-hdr": answer}
        ask = request("RESPMOD", heads, chunked(b"x" * 10), "Preview: 10")
        refused = await client.ask(ask)
        assert refused.status == 500
        assert refused.fields["x-error-code"] == "max_object_size_exceeded"
        assert refused.fields["connection"] == "keep-alive"
        assert (await client.ask(respmod(b"x", "Allow: 204"))).status == 204
        assert desk.seen == [b"x"]

    converse(tmp_path, scene)


def test_what_is_too_large_is_refused_while_it_comes(tmp_path: Path) -> None:
    async def scene(client: Client, desk: Pretended) -> None:
        assert (await client.ask(reqmod(b"x" * MOST, "Allow: 204"))).status == 204
        client.send(reqmod(b"x" * (MOST + 1)) + b"much more" * 100_000)
        refused = await client.answer()
        assert refused.fields["x-error-code"] == "max_object_size_exceeded"
        assert refused.fields["connection"] == "close"
        assert await client.closed() == b""
        assert len(desk.seen) == 1

    converse(tmp_path, scene)


@pytest.mark.parametrize("content", [BUSY, NO_JAIL])
def test_a_desk_that_cannot_is_no_verdict(tmp_path: Path, content: bytes) -> None:
    async def scene(client: Client, _desk: Pretended) -> None:
        assert (await client.ask(reqmod(content, "Allow: 204"))).status == 503
        assert (await client.ask(reqmod(b"x", "Allow: 204"))).status == 204

    assert "overloaded" in converse(tmp_path, scene)


def test_a_full_disk_is_no_verdict(tmp_path: Path) -> None:
    async def whole() -> None:
        async with running(Pretended(), tmp_path) as icap:
            icap.service.storage.room = 0
            icap.service.storage.folder = str(tmp_path / "gone")
            client = await connect(icap.port)
            assert (await client.ask(reqmod(b"x", "Allow: 204"))).status == 503
            await client.close()

    play(whole)


def test_a_fault_of_ours_ends_one_connection(tmp_path: Path) -> None:
    async def whole() -> None:
        async with running(Pretended(), tmp_path) as icap:
            client, other = await connect(icap.port), await connect(icap.port)
            client.send(reqmod(FAULT))
            with pytest.raises((ConnectionError, EOFError)):
                await client.answer()
            assert (await other.ask(reqmod(b"x", "Allow: 204"))).status == 204
            assert "ZeroDivisionError" in icap.log.text
            await client.close()
            await other.close()

    play(whole)


def test_the_log_says_what_was_judged_and_never_what_was_in_it(tmp_path: Path) -> None:
    async def scene(client: Client, _desk: Pretended) -> None:
        await client.ask(reqmod(EICAR, "X-Client-IP: 192.0.2.7"))
        await client.ask(reqmod(b"!encrypted-secret"))
        client.send(b"\0\xff")
        await client.answer()

    log = converse(tmp_path, scene)
    for word in ("192.0.2.7", "found", "http://example.test/up", "beginning"):
        assert word in log
    assert "secret" not in log
    assert EICAR.decode() not in log


def test_a_file_in_a_form_is_found_however_it_stands(tmp_path: Path) -> None:
    """Asked of the real engine, since it is what reads forms."""
    said = b"Content-Disposition: form-data; name=f\r\n\r\n"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("e", EICAR)
    forms = (
        b"--XyZ\r\n" + said + EICAR + b"\r\n--XyZ--\r\n",
        b"--XyZ\r\n\r\n" + EICAR + b"\r\n--XyZ--\r\n",
        b"passed over\r\n--XyZ\r\nX: y\r\n" + said + EICAR + b"\r\n--XyZ--\r\n",
        b"--XyZ\r\n\r\n" + made.getvalue() + b"\r\n--XyZ--\r\n",
        EICAR,
    )
    kind = b"Content-Type: multipart/form-data; boundary=XyZ\r\n\r\n"
    http = POST[:-2] + kind

    async def whole() -> None:
        async with desk() as known, running(known, tmp_path) as icap:
            client = await connect(icap.port)
            for form in forms:
                answer = await client.ask(reqmod(form, "Allow: 204", http=http))
                assert "x-infection-found" in answer.fields, form
            clean = replace_content(forms[1])
            assert (
                await client.ask(reqmod(clean, "Allow: 204", http=http))
            ).status == 204
            await client.close()

    play(whole)


def replace_content(form: bytes) -> bytes:
    return form.replace(EICAR, b"hello")


def test_what_is_hidden_by_an_encoding_is_not_clean(tmp_path: Path) -> None:
    http = ANSWER[:-2] + b"Content-Encoding: br\r\n\r\n"

    async def scene(client: Client, _desk: Pretended) -> None:
        answer = await client.ask(respmod(b"noise", "Allow: 204", http=http))
        assert answer.status == 500
        assert answer.fields["x-error-code"] == "decode_error"
        found = await client.ask(respmod(EICAR, "Allow: 204", http=http))
        assert "x-infection-found" in found.fields
        assert (await client.ask(respmod(b"", "Allow: 204", http=http))).status == 204
        zipped = http.replace(b" br", b" gzip")
        answer = await client.ask(respmod(b"x", "Allow: 204", http=zipped))
        assert replace(answer, fields={}).status == 204

    converse(tmp_path, scene)
