"""`clearward selftest`: its statuses and what it refuses."""

import socket
from pathlib import Path

import pytest
from support.command import clearward
from support.fake_clamd import playing, until
from support.marks import EICAR


def lets_through(link: socket.socket) -> None:
    until(link, bytes(4))
    link.sendall(b"stream: OK\0")


def test_what_is_let_through_is_status_1_and_loud(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with playing(path, lets_through, lets_through):
        ran = clearward("selftest", "--clamd", f"unix:{path}")
    assert ran.status == 1
    assert b"NOT BLOCKED" in ran.out
    assert EICAR not in ran.out


def test_who_is_not_there_is_status_2(tmp_path: Path) -> None:
    ran = clearward("selftest", "--clamd", f"unix:{tmp_path}/no", "--json")
    assert ran.status == 2
    assert ran.rows[0]["outcome"] == "not-able"
    assert ran.summary == {"chains": 1, "blocked": 0, "not_blocked": 0, "not_able": 1}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), b"nothing to test"),
        (("--nextcloud", "http://127.0.0.1"), b"needs --user and --password-file"),
        (("--postfix", "127.0.0.1"), b"needs --to"),
        (("--postfix", "127.0.0.1", "--to", "x"), b"no mail address"),
        (("--origin", "http://a"), b"goes with --squid"),
        (
            ("--squid", "a", "--origin", "https://a"),
            b"https cannot be used here",
        ),
        (("--clamd", "a:b"), b"is no address"),
        (
            (
                "--nextcloud",
                "http://127.0.0.1",
                "--user",
                "a",
                "--password-file",
                "/no",
            ),
            b"/no: cannot be read",
        ),
    ],
)
def test_wrong_use_is_one_line(words: tuple[str, ...], said: bytes) -> None:
    ran = clearward("selftest", *words)
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count(b"\n") == 1
