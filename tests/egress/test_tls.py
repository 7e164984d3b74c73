"""Behaviour of TLS over a counted wire."""

import os
import ssl
from pathlib import Path

import pytest
from faces.http.test_server import certificate
from support.doors import ASKED, HEAD, door, ended, here, plain, told, twice
from support.scripted import Talk, scripted

from clearward.core.errors import Refused, Unavailable
from clearward.egress.request import Reason
from clearward.egress.tls import Trust


def sealed(folder: Path) -> tuple[ssl.SSLContext, str]:
    tls = certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tls.certificate, tls.key)
    return context, tls.certificate


def test_what_the_socket_carries_under_tls_is_counted(tmp_path: Path) -> None:
    context, roots = sealed(tmp_path)
    keys = str(tmp_path / "keys.log")
    with scripted(twice, tls=context) as (port, talks):
        made = door(tmp_path, port, trust=Trust(roots, keys))
        to_there = here(port, "https")
        with made.connection(to_there, Reason.UPDATE, seconds=10) as to:
            assert to.ask(ASKED, most=9).body == b"body"
            assert to.ask(ASKED, most=9).body == b"body"
    assert talks[0].heads == [HEAD % port] * 2
    (record,) = told(tmp_path)
    assert ended(record).sent > 2 * len(HEAD % port) + 300
    assert "CLIENT_TRAFFIC_SECRET" in Path(keys).read_text()
    assert os.stat(keys).st_mode & 0o777 == 0o600


def test_a_server_that_does_not_prove_its_name_is_not_asked(tmp_path: Path) -> None:
    context, _ = sealed(tmp_path)
    with scripted(plain, tls=context) as (port, talks):
        made = door(tmp_path, port)
        with (
            pytest.raises(Unavailable, match="certificate is not good"),
            made.connection(here(port, "https"), Reason.UPDATE, seconds=10) as to,
        ):
            to.ask(ASKED, most=9)
        assert not any(talk.heads for talk in talks)


def test_a_cut_under_tls_is_no_end(tmp_path: Path) -> None:
    context, roots = sealed(tmp_path)

    def script(talk: Talk) -> None:
        talk.hear()
        talk.say(b"HTTP/1.1 200 OK\r\n\r\nhalf of")
        assert isinstance(talk.socket, ssl.SSLSocket)
        os.close(talk.socket.detach())

    with scripted(script, tls=context) as (port, _):
        made = door(tmp_path, port, trust=Trust(roots))
        with (
            pytest.raises(Unavailable, match="cut off"),
            made.connection(here(port, "https"), Reason.UPDATE, seconds=10) as to,
        ):
            to.ask(ASKED, most=99)


def test_a_file_without_certificates_is_said(tmp_path: Path) -> None:
    made = door(tmp_path, 1, trust=Trust(__file__))
    with pytest.raises(Refused, match="no certificates in PEM"):
        _ = made.context
