"""Behaviour of one request and its answer."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.doors import ASKED, HEAD, ask, door, ended, told
from support.scripted import Talk, scripted

from clearward.core.errors import Refused, Unavailable
from clearward.egress.door import TooMuch


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody", "without sending"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbo", "bad HTTP"),
        (b"no HTTP at all\r\n\r\n", "bad HTTP"),
        (b"", "ended the connection"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", "compresses"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 99, "no answer"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"x" * 99_999, "bad HTTP"),
    ],
)
def test_an_answer_that_is_none_is_said(tmp_path: Path, said: bytes, what: str) -> None:
    def script(talk: Talk) -> None:
        talk.hear()
        talk.say(said)

    with scripted(script) as (port, _), pytest.raises(Unavailable, match=what):
        ask(door(tmp_path, port), port, ASKED)
    (record,) = told(tmp_path)
    assert ended(record).sent == len(HEAD % port) + 4


@pytest.mark.parametrize("length", ["Content-Length: 100", "Connection: close"])
def test_more_than_is_expected_is_not_read(tmp_path: Path, length: str) -> None:
    def script(talk: Talk) -> None:
        talk.hear()
        talk.say(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode())
        while True:
            talk.say(b"x" * 65536)

    with scripted(script) as (port, _), pytest.raises(TooMuch, match="more than 99"):
        ask(door(tmp_path, port), port, ASKED)


def test_a_server_that_is_slow_is_left(tmp_path: Path) -> None:
    ticks = iter([0.0, *(0.1,) * 3, *(11.0,) * 9])

    def script(talk: Talk) -> None:
        talk.hear()
        talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")

    with scripted(script) as (port, _):
        made = door(tmp_path, port, clock=lambda: next(ticks))
        with pytest.raises(Unavailable, match="too slow"):
            ask(made, port, ASKED)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n"]), st.binary(max_size=300))
def test_whatever_a_server_says_there_is_an_answer_or_one_line(
    tmp_path: Path, begun: bytes, said: bytes
) -> None:
    def script(talk: Talk) -> None:
        talk.hear()
        talk.say(begun + said)

    with scripted(script) as (port, _):
        try:
            ask(door(tmp_path, port), port, ASKED)
        except (Refused, Unavailable) as error:
            assert "\n" not in str(error)
