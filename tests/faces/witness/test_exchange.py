"""Behaviour of the witness's HTTP, bytes in and events out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.witness.exchange import Asked, Exchange, Wrong
from clearward.updates.witness import MOST_BODY, Answer

GOOD = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 4\r\n\r\nbody"


def played(data: bytes, cuts: list[int]) -> list[Asked | Wrong]:
    """What comes of bytes that arrive in pieces, each answered at once."""
    exchange = Exchange()
    came: list[Asked | Wrong] = []
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in pairwise(places):
        if end > start:
            exchange.receive(data[start:end])
        while (one := exchange.next()) is not None:
            came.append(one)
            assert exchange.answer(Answer(200, "ok\n")).startswith(b"HTTP/1.1 ")
            if exchange.over:
                return came
    return came


@given(st.lists(st.integers(0, 2 * len(GOOD)), max_size=6))
def test_requests_come_whole_however_they_arrive(cuts: list[int]) -> None:
    assert played(GOOD * 2, cuts) == [Asked(b"body")] * 2


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (GOOD.replace(b"POST", b"GET"), 405),
        (GOOD.replace(b"add-checkpoint", b"other"), 404),
        (GOOD.replace(b": 4", b": %d" % (MOST_BODY + 1)), 413),
        (GOOD.replace(b": 4", b": x"), 400),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
        (b"POST /add-checkpoint HTTP/1.1\r\nA: " + b"x" * 20_000, 431),
    ],
)
def test_what_is_no_such_request_is_said(data: bytes, status: int) -> None:
    (one,) = played(data, [])
    assert isinstance(one, Wrong)
    assert one.answer.status == status


def test_a_body_in_chunks_is_bounded() -> None:
    head = GOOD.partition(b"Content")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + bytes(65536) + b"\r\n"
    (one,) = played(head + chunk * 17, [])
    assert isinstance(one, Wrong)
    assert one.answer.status == 413


def test_who_asks_whether_to_send_a_body_is_told() -> None:
    exchange = Exchange()
    head, _, body = GOOD.partition(b"body")
    exchange.receive(head[:-2] + b"Expect: 100-continue\r\n\r\n")
    assert exchange.next() is None
    assert exchange.wanted().startswith(b"HTTP/1.1 100")
    exchange.receive(b"body" + body)
    assert exchange.next() == Asked(b"body")


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=4))
def test_whatever_arrives_is_answered_or_waited_for(
    data: bytes, cuts: list[int]
) -> None:
    played(data, cuts)
    played(GOOD[:-6] + data, cuts)
