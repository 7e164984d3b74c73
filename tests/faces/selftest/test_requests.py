"""One request and its answer, whatever comes."""

import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_clamd import playing
from support.fake_web import serving

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import NotAble
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.requests import (
    MOST_ANSWER,
    Answer,
    Request,
    address,
    basic,
    exchange,
)

ASK = Request("GET", "/x", "h")


def test_an_answer_comes_back() -> None:
    with serving(lambda came: (201, came.body[::-1])) as (port, came):
        request = Request("PUT", "/a", "h", {"X-A": "b"}, b"body")
        answer = exchange(Place("127.0.0.1", port), request)
    assert (answer.status, answer.body, answer.whole) == (201, b"ydob", True)
    assert came[0].headers["X-A"] == "b"
    assert came[0].headers["Host"] == "h"


def answered(tmp_path: Path, raw: bytes) -> Answer:
    def play(link: socket.socket) -> None:
        link.recv(65536)
        link.sendall(raw)

    path = tmp_path / "s"
    with playing(path, play):
        return exchange(Place(path=str(path)), ASK)


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 20", b"220 mx ESMTP\r\n", b"\0" * 99])
def test_what_is_no_answer_is_said(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(NotAble):
        answered(tmp_path, raw)


def test_a_broken_body_leaves_the_head(tmp_path: Path) -> None:
    head = b"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = answered(tmp_path, head + b"2\r\nab\r\n\0\0\r\n")
    assert (answer.status, answer.body, answer.whole) == (403, b"ab", False)


def test_a_body_is_not_kept_without_end() -> None:
    with serving(lambda _: (200, bytes(MOST_ANSWER + 100))) as (port, _):
        answer = exchange(Place("127.0.0.1", port), ASK)
    assert len(answer.body) == MOST_ANSWER
    assert not answer.whole


@pytest.mark.parametrize(
    "target", ["/a b", "/\r\nX: y", "/\0"], ids=["space", "line", "nul"]
)
def test_a_target_cannot_carry_more_than_itself(target: str) -> None:
    with serving(lambda _: (200, b"")) as (port, came):
        with pytest.raises(NotAble):
            exchange(Place("127.0.0.1", port), Request("GET", target, "h"))
        assert came == []


def test_addresses_are_read() -> None:
    read = address("http://127.0.0.1:8080/cloud/")
    assert (read.place, read.path) == (Place("127.0.0.1", 8080), "/cloud")
    assert address("http://[::1]").shown == "http://[::1]:80"


@pytest.mark.parametrize(
    "url",
    ["https://a_%", "ftp://a", "a", "http://", "http://u:p@a/", "http://a:x", "http://[",
     "http://a/?q"],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        address(url)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"http://{text}"):
        try:
            assert address(url).place.host
        except Refused:
            continue


def test_a_name_and_a_password_make_a_header() -> None:
    assert basic("Aladdin", "open sesame") == {
        "Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    }
