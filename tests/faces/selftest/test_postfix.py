"""A mail server that refuses the test file, and others."""

import socket
from pathlib import Path

import pytest
from support.fake_clamd import Play, playing
from support.marks import EICAR

from clearward.faces.selftest.chain import Outcome, Tried, tried
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.postfix import Postfix


def server(on_bad: bytes, on_rcpt: bytes = b"250 OK") -> Play:
    """Take mail, but answer otherwise to the recipient or to the test file."""

    def play(link: socket.socket) -> None:
        lines = link.makefile("rb")
        link.sendall(b"220-mx\r\n220 ESMTP\r\n")
        for line in lines:
            word = line[:4].upper()
            if word == b"QUIT":
                return
            if word == b"DATA":
                link.sendall(b"354 go\r\n")
                mail = b"".join(iter(lines.readline, b".\r\n"))
                link.sendall((on_bad if EICAR in mail else b"250 queued") + b"\r\n")
            else:
                link.sendall((on_rcpt if word == b"RCPT" else b"250 OK") + b"\r\n")

    return play


def result(folder: Path, play: Play) -> Tried:
    path = folder / "s"
    with playing(path, play, play):
        return tried(Postfix(Place(path=str(path)), "me@here.example"))


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (b"550 5.7.1 virus", Outcome.BLOCKED),
        (b"554-no\r\n554 virus", Outcome.BLOCKED),
        (b"250 queued", Outcome.NOT_BLOCKED),
        (b"451 later", Outcome.NOT_ABLE),
        (b"what?", Outcome.NOT_ABLE),
    ],
)
def test_the_answer_to_the_data_counts(
    tmp_path: Path, reply: bytes, outcome: Outcome
) -> None:
    assert result(tmp_path, server(reply)).outcome is outcome


def test_a_refused_recipient_is_not_a_blocked_virus(tmp_path: Path) -> None:
    found = result(tmp_path, server(b"550 no", on_rcpt=b"550 unknown"))
    assert found.outcome is Outcome.NOT_ABLE
    assert "RCPT: 550 unknown" in found.why


def test_a_filter_behind_the_queue_is_mentioned(tmp_path: Path) -> None:
    said = result(tmp_path, server(b"250 queued")).seen["eicar"].said
    assert "behind the queue" in said[-1]
