"""Addresses, the sockets behind them, and who may talk to them."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.service.listening import (
    Address,
    Allowed,
    Listeners,
    address_of,
    parse_address,
    parse_network,
)


@pytest.fixture(name="listeners")
def fixture_listeners() -> Iterator[Listeners]:
    listeners = Listeners()
    yield listeners
    listeners.close()


@pytest.mark.parametrize(
    "text", ["unix:/run/x.sock", "tcp:127.0.0.1:3310", "tcp:[::1]:1344", "tcp:h:0"]
)
def test_an_address_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_address(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "unix:", "tcp:", "tcp:1.2.3.4", "tcp::80", "tcp:h:99999", "tcp:h:x", "/x"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is not an address"):
        parse_address(text)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse_address(text)
    except Refused:
        return
    assert bool(address.path) != bool(address.host)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        (Address(path="/x"), True),
        (Address(host="localhost"), True),
        (Address(host="127.0.0.9"), True),
        (Address(host="::1"), True),
        (Address(host="0.0.0.0"), False),  # noqa: S104 - that it is not local is tested
        (Address(host="::"), False),
        (Address(host="mail.example"), False),
    ],
)
def test_only_the_loopback_is_local(address: Address, local: bool) -> None:  # noqa: FBT001 - a case
    assert address.local is local


def test_a_unix_socket_is_open_to_its_neighbours(
    listeners: Listeners, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    (one,) = listeners.listen(Address(path=str(path)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o666
    assert str(address_of(one)) == f"unix:{path}"


def test_a_name_that_a_killed_server_left_is_taken(
    listeners: Listeners, tmp_path: Path
) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(path)
    listeners.listen(Address(path=path))


def test_a_server_that_listens_is_not_pushed_aside(
    listeners: Listeners, tmp_path: Path
) -> None:
    address = Address(path=str(tmp_path / "s"))
    listeners.listen(address)
    with pytest.raises(Refused, match="another server listens there"):
        Listeners().listen(address)


def test_a_file_in_the_place_of_a_socket_stays(
    listeners: Listeners, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    path.write_text("mine")
    with pytest.raises(Refused, match="is no socket"):
        listeners.listen(Address(path=str(path)))
    assert path.read_text() == "mine"


def test_the_name_goes_with_the_server_unless_it_is_anothers(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    listeners = Listeners()
    listeners.listen(Address(path=str(first)))
    listeners.listen(Address(path=str(second)))
    os.unlink(second)
    second.write_text("another's")
    listeners.close()
    assert not first.exists()
    assert second.exists()


def test_a_port_that_is_taken_is_one_clear_line(listeners: Listeners) -> None:
    (one,) = listeners.listen(parse_address("tcp:127.0.0.1:0"))
    port = one.getsockname()[1]
    with pytest.raises(Refused, match=f"tcp:127.0.0.1:{port}: cannot be listened on"):
        listeners.listen(parse_address(f"tcp:127.0.0.1:{port}"))


def test_this_machine_may_always_talk() -> None:
    allowed = Allowed()
    assert allowed("")
    assert allowed("127.0.0.1")
    assert allowed("::1")
    assert allowed("::ffff:127.0.0.1")


def test_others_may_if_their_network_is_named() -> None:
    allowed = Allowed((parse_network("192.0.2.0/24"), parse_network("2001:db8::/32")))
    assert allowed("192.0.2.77")
    assert allowed("::ffff:192.0.2.77")
    assert allowed("2001:db8::1%eth0")
    assert not allowed("192.0.3.1")
    assert not allowed("2001:db9::1")
    assert not allowed("no address")


@pytest.mark.parametrize("text", ["", "x", "192.0.2.1/24", "192.0.2.0/33"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is not a network"):
        parse_network(text)
