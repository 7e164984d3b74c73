"""clamd and ICAP servers, as they answer."""

import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_clamd import Play, playing, until
from support.marks import EICAR

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import Fate, NotAble, Outcome, tried
from clearward.faces.selftest.clamd import Clamd
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.icap import Icap, icap, judged, request


def daemon(on_bad: bytes) -> Play:
    def play(link: socket.socket) -> None:
        data = until(link, bytes(4))
        link.sendall(on_bad if EICAR in data else b"stream: OK\0")

    return play


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (b"stream: X FOUND\0", Outcome.BLOCKED),
        (b"stream: OK\0", Outcome.NOT_BLOCKED),
        (b"stream: Slow ERROR\0", Outcome.NOT_ABLE),
        (b"what?\0", Outcome.NOT_ABLE),
        (b"", Outcome.NOT_ABLE),
    ],
)
def test_what_clamd_says_counts(tmp_path: Path, reply: bytes, outcome: Outcome) -> None:
    path = tmp_path / "s"
    play = daemon(reply)
    with playing(path, play, play):
        assert tried(Clamd(Place(path=str(path)))).outcome is outcome


PAGE = b"HTTP/1.0 403 Forbidden\r\n\r\n3\r\nno!\r\n0\r\n\r\n"
SAME = b"HTTP/1.1 200 OK\r\n\r\n44\r\n" + EICAR + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (b"ICAP/1.0 204 No Content\r\n\r\n", Fate.PASSED),
        (b"ICAP/1.0 200 OK\r\nX-Infection-Found: Type=0;\r\n\r\n" + PAGE, Fate.BLOCKED),
        (b"ICAP/1.0 200 OK\r\n\r\n" + PAGE, Fate.BLOCKED),
        (b"ICAP/1.0 200 OK\r\n\r\n" + SAME, Fate.PASSED),
        (b"ICAP/1.0 200 OK\r\nX-Virus-ID: x\r\n\r\n" + SAME, Fate.PASSED),
        (b"ICAP/1.0 200 OK\r\n\r\n", Fate.UNCLEAR),
        (b"ICAP/1.0 404 Not Found\r\n\r\n", Fate.UNCLEAR),
        (b"ICAP/1.0 500 Error\r\n\r\n", Fate.UNCLEAR),
    ],
)
def test_what_an_icap_server_does_counts(answer: bytes, fate: Fate) -> None:
    assert judged(answer, EICAR).fate is fate


@given(st.binary())
def test_any_answer_is_read_or_refused(answer: bytes) -> None:
    for raw in (answer, b"ICAP/1.0 200 OK\r\n" + answer):
        try:
            judged(raw, EICAR)
        except NotAble:
            assert raw == answer


def test_lengths_in_the_request_are_right() -> None:
    raw = request("h:1", "s", b"abc")
    head, _, rest = raw.partition(b"\r\n\r\n")
    where = re.search(rb"req-hdr=0, res-hdr=([0-9]+), res-body=([0-9]+)", head)
    assert where is not None
    assert rest.startswith(b"GET ")
    assert rest[int(where[1]) :].startswith(b"HTTP/1.1 200 OK")
    assert rest[int(where[2]) :] == b"3\r\nabc\r\n0\r\n\r\n"


def test_a_service_may_be_named() -> None:
    assert icap("127.0.0.1") == Icap(Place("127.0.0.1", 1344), "avscan")
    assert icap("icap://[::1]:4020/scan") == Icap(Place("::1", 4020), "scan")
    assert icap("unix:/run/a/b").service == "avscan"
    with pytest.raises(Refused):
        icap("127.0.0.1/a b")
