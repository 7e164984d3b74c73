"""Behaviour of a repository on a web server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.fake_web import Came, serving

from clearward.core.errors import Refused, Unavailable
from clearward.egress.connections import connections
from clearward.egress.ledger import Ledger
from clearward.installing.carrier import Missing, TooLong
from clearward.installing.web import WebCarrier

Answer = Callable[[Came], tuple[int, bytes]]


def read(home: Path, answer: Answer, *names: str, most: int = 100) -> list[bytes]:
    with serving(answer) as (port, _):
        address = f"http://127.0.0.1:{port}/base"
        with WebCarrier(address, Ledger(str(home)), 20) as carrier:
            return [carrier.read(name, most) for name in names]


def test_files_are_asked_for_below_the_address(tmp_path: Path) -> None:
    names = ("log/checkpoint", "tile/0/000.p/3", "a b#c")
    found = read(tmp_path, lambda one: (200, one.target.encode()), *names)
    assert found == [
        b"/base/log/checkpoint",
        b"/base/tile/0/000.p/3",
        b"/base/a%20b%23c",
    ]


@pytest.mark.parametrize("status", [403, 404, 410, 500])
def test_what_the_server_does_not_give_is_missing(tmp_path: Path, status: int) -> None:
    with pytest.raises(Missing) as caught:
        read(tmp_path, lambda _: (status, b"no"), "a")
    assert caught.value.status == status


def test_no_more_comes_than_may(tmp_path: Path) -> None:
    assert read(tmp_path, lambda _: (200, b"x" * 100), "a") == [b"x" * 100]
    with pytest.raises(TooLong):
        read(tmp_path, lambda _: (200, b"x" * 101), "a")


def test_a_large_file_has_a_connection_and_time_of_its_own(tmp_path: Path) -> None:
    data = b"x" * (3 << 20)
    assert read(tmp_path, lambda _: (200, data), "a", most=len(data)) == [data]
    assert len(connections(str(tmp_path / "ledger")).connections) == 1


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with (
        WebCarrier("http://127.0.0.1:9/", Ledger(str(tmp_path)), 20) as carrier,
        pytest.raises(Unavailable),
    ):
        carrier.read("a", 1)


def test_a_name_that_cannot_be_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        read(tmp_path, lambda _: (200, b""), "a" * 5000)
