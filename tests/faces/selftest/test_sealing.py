"""Behaviour of self-tests over TLS."""

import re
from pathlib import Path

import pytest
from egress.test_tls import sealed
from support.doors import ended, told
from support.scripted import Talk, scripted

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import Fate, NotAble
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.nextcloud import nextcloud
from clearward.faces.selftest.rest import rest
from clearward.faces.selftest.samples import clean
from clearward.faces.selftest.sealing import door_to


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLEARWARD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def body(talk: Talk) -> bytes:
    head = talk.hear()
    length = re.search(rb"Content-Length: (\d+)", head)
    assert length
    while len(talk.left) < int(length[1]):
        talk.left += talk.socket.recv(65536)
    return talk.left


def found(talk: Talk) -> None:
    assert body(talk) == clean().content
    talk.answer(b'{"outcome": "found"}')


def test_a_request_over_tls_is_written_down(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, roots = sealed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", roots)
    with scripted(found, tls=context) as (port, talks):
        chain = rest(f"https://127.0.0.1:{port}", "token")
        assert chain.target == f"https://127.0.0.1:{port}"
        assert chain.send(clean()).fate is Fate.BLOCKED
    assert b"Authorization: Bearer token" in talks[0].heads[0]
    (record,) = told(home)
    assert record.opened.reason == "selftest"
    assert record.requests == ["POST /v1/scan"]
    assert ended(record).sent > len(talks[0].heads[0])


def test_who_does_not_prove_who_it_is_gets_no_password(
    home: Path, tmp_path: Path
) -> None:
    context, _ = sealed(tmp_path)
    with scripted(found, tls=context) as (port, talks):
        chain = nextcloud(f"https://127.0.0.1:{port}", "user", "password")
        with pytest.raises(NotAble, match="certificate is not good"):
            chain.send(clean())
    assert not any(talk.heads for talk in talks)
    assert len(told(home)) == 1


def test_a_server_that_ends_early_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    context, roots = sealed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", roots)
    with (
        scripted(lambda _: None, tls=context) as (port, _),
        pytest.raises(NotAble),
    ):
        rest(f"https://127.0.0.1:{port}", "").send(clean())
    assert len(told(home)) == 1


@pytest.mark.usefixtures("home")
def test_what_has_no_name_for_a_certificate_is_refused() -> None:
    with pytest.raises(Refused):
        door_to(Place("a b", 443))
