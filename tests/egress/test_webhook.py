"""Behaviour of notices to a server."""

import json
import re
from pathlib import Path

import pytest
from support.doors import told
from support.scripted import Script, Talk, scripted

from clearward.core.errors import Refused
from clearward.egress.webhook import Webhook

ROW = {"path": "/srv/\u00e4", "outcome": "found"}


def hearing(bodies: list[bytes], status: str = "204 Good") -> Script:
    def script(talk: Talk) -> None:
        head = talk.hear()
        assert head.startswith(b"POST /hooks/one HTTP/1.1\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        assert length
        while len(talk.left) < int(length[1]):
            talk.left += talk.socket.recv(65536)
        bodies.append(talk.left)
        talk.say(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    return script


def given(home: Path, port: int, count: int = 1) -> Webhook:
    hook = Webhook(str(home), f"http://127.0.0.1:{port}/hooks/one")
    for _ in range(count):
        hook.give(ROW)
    hook.close()
    return hook


def test_a_notice_is_sent_and_told(tmp_path: Path) -> None:
    bodies: list[bytes] = []
    script = hearing(bodies)
    with scripted(script, script) as (port, _):
        assert given(tmp_path, port, 2).dropped == 0
    assert [json.loads(body) for body in bodies] == [ROW, ROW]
    records = told(tmp_path)
    assert [one.opened.reason for one in records] == ["notify"] * 2
    assert records[0].requests == ["POST /hooks/one"]


def test_a_notice_that_is_refused_is_counted(tmp_path: Path) -> None:
    with scripted(hearing([], "500 No")) as (port, _):
        assert given(tmp_path, port).dropped == 1


def test_nobody_there_holds_nobody_up(tmp_path: Path) -> None:
    assert given(tmp_path, 1, 3).dropped == 3


def test_more_than_can_wait_is_counted(tmp_path: Path) -> None:
    hook = Webhook(str(tmp_path), "http://127.0.0.1:1/")
    for _ in range(5000):
        hook.give(ROW)
    assert hook.dropped > 100
    hook.close()


def test_without_a_notice_nothing_is_made(tmp_path: Path) -> None:
    Webhook(str(tmp_path / "home"), "http://127.0.0.1:1/").close()
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("url", ["ftp://a/", "http://u:p@a/", "http://a/?b", "a"])
def test_what_is_no_address_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(Refused, match="not an address"):
        Webhook(str(tmp_path), url)
