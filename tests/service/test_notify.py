"""Tests of what the service manager is told, on a real socket of its kind."""

import asyncio
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.service.notify import Notifier, notifier


@pytest.fixture(params=["path", "abstract"])
def manager(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[socket.socket, str]]:
    """The manager's end, and what it puts into NOTIFY_SOCKET."""
    name = f"{tmp_path}/notify"
    if request.param == "abstract":
        name = f"@clearward-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
        ours.bind(name.replace("@", "\0"))
        ours.settimeout(10)
        yield ours, name


def heard(ours: socket.socket) -> dict[str, str]:
    """One message as assignments."""
    lines = ours.recv(4096).decode().split("\n")
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def test_the_manager_hears_each_state(manager: tuple[socket.socket, str]) -> None:
    ours, name = manager
    told = notifier({"NOTIFY_SOCKET": name})
    assert told.ready("5,849 rules")
    assert heard(ours) == {"READY": "1", "STATUS": "5,849 rules"}
    assert told.status("all is well")
    assert heard(ours) == {"STATUS": "all is well"}
    assert told.alive()
    assert heard(ours) == {"WATCHDOG": "1"}
    assert told.stopping()
    assert heard(ours) == {"STOPPING": "1"}


def test_a_reload_says_when_it_began(manager: tuple[socket.socket, str]) -> None:
    ours, name = manager
    notifier({"NOTIFY_SOCKET": name}).reloading()
    said = heard(ours)
    assert said.keys() == {"RELOADING", "MONOTONIC_USEC"}
    with open("/proc/uptime", encoding="ascii") as file:
        now = float(file.read().split()[0])
    assert abs(int(said["MONOTONIC_USEC"]) / 1e6 - now) < 3600


def test_without_a_manager_nothing_is_said_and_nothing_is_wrong() -> None:
    for environment in ({}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2:1"}):
        told = notifier(environment)
        assert not told.ready()
        assert not told.reloading()
        assert not told.alive()


def test_a_manager_that_is_gone_is_no_error(tmp_path: Path) -> None:
    assert not notifier({"NOTIFY_SOCKET": f"{tmp_path}/gone"}).ready()


def test_a_manager_that_does_not_read_does_not_stop_the_server(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(f"{tmp_path}/notify")
        told = Notifier(f"{tmp_path}/notify")
        assert any(not told.alive() for _ in range(100_000))


@given(st.text(max_size=400))
def test_no_status_begins_another_assignment(text: str) -> None:
    name = f"\0clearward-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name)
        if Notifier(name).status(text):
            said = manager.recv(4096)
            assert said.startswith(b"STATUS=")
            assert b"\n" not in said
        else:
            assert not text.split()


def test_children_find_nothing_to_speak_with() -> None:
    environment = {
        "NOTIFY_SOCKET": "/nowhere",
        "WATCHDOG_USEC": "10",
        "WATCHDOG_PID": "1",
        "PATH": "/bin",
    }
    notifier(environment)
    assert environment == {"PATH": "/bin"}


@pytest.mark.parametrize(
    ("allowed", "process", "interval"),
    [
        pytest.param("30000000", str(os.getpid()), 15.0, id="ours"),
        pytest.param("30000000", "", 15.0, id="for whoever started"),
        pytest.param("30000000", str(os.getppid()), 0.0, id="another's"),
        pytest.param("", "", 0.0, id="not asked for"),
        pytest.param("soon", "", 0.0, id="not a number"),
    ],
)
def test_signs_of_life_come_twice_as_often_as_they_must(
    allowed: str, process: str, interval: float
) -> None:
    environment = {"WATCHDOG_USEC": allowed, "WATCHDOG_PID": process}
    assert notifier(environment).interval == interval


def test_signs_of_life_go_on_while_the_server_is_well(
    manager: tuple[socket.socket, str],
) -> None:
    ours, name = manager
    well = [True, False, True]
    told = notifier({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000"})

    async def watched() -> None:
        asked = asyncio.Event()

        def healthy() -> bool:
            if len(well) == 1:
                asked.set()
            return well.pop(0)

        watching = asyncio.create_task(told.watch(healthy))
        await asked.wait()
        watching.cancel()

    asyncio.run(watched())
    ours.settimeout(0)
    assert [heard(ours), heard(ours)] == [{"WATCHDOG": "1"}] * 2
    with pytest.raises(BlockingIOError):
        ours.recv(1)
