"""Requests, however they are split."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.faces.prove.request import Asked, Requests

TWO = (
    b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
    b"POST /b HTTP/1.1\r\nContent-Length: 3\r\nHost: h\r\n\r\nxyz"
)


def fed(data: bytes, cuts: list[int]) -> list[Asked]:
    requests, found, start = Requests(), list[Asked](), 0
    for end in (*sorted(cut % (len(data) + 1) for cut in cuts), len(data)):
        found += requests.receive(data[start:end])
        start = end
    return found


@given(st.lists(st.integers(0, 200), max_size=5))
def test_requests_come_whole(cuts: list[int]) -> None:
    assert fed(TWO, cuts) == [Asked("/a"), Asked("/b", b"xyz")]


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_anything_else_is_passed_over(data: bytes, cuts: list[int]) -> None:
    assert fed(data, cuts) == fed(data, [])


def test_a_head_without_an_end_is_not_kept() -> None:
    requests = Requests()
    assert list(requests.receive(b"x" * 70_000)) == []
    assert list(requests.receive(TWO))[-1] == Asked("/b", b"xyz")
