"""The server: whole conversations over real sockets, with a desk that pretends."""

import asyncio
import socket
import time
from hashlib import sha256
from pathlib import Path

import pytest
from support.clamd_client import (
    FOUND,
    FakeDesk,
    Half,
    Running,
    connected,
    serving,
    stream,
)
from support.descriptors import descriptors
from support.marks import EICAR
from support.serving import play, until

from clearward.core.limits import MIB
from clearward.faces.clamd import channel
from clearward.faces.clamd.settings import ClamdSettings
from clearward.service.body import Storage

VERSION = b"ClamAV 1.4.6/20780/Mon Nov 23 08:00:00 2026"


@pytest.mark.parametrize("tcp", [False, True])
def test_the_thinnest_way_through(tmp_path: Path, *, tcp: bool) -> None:
    async def scene() -> None:
        desk = FakeDesk()
        async with serving(desk, tmp_path) as one:
            assert await one.talk(b"zPING\0", tcp=tcp) == b"PONG\0"
            assert await one.talk(b"nVERSION\n", tcp=tcp) == VERSION + b"\n"
            said = await one.talk(stream(b"hello"), tcp=tcp)
            assert said == b"stream: OK\0"
            said = await one.talk(stream(EICAR[:9], EICAR[9:]), tcp=tcp)
            assert said == b"stream: " + FOUND + b"\0"
            assert await one.talk(b"RELOAD", tcp=tcp) == b"RELOADING\n"
            assert desk.reloads == 1
            assert await one.talk(b"zDETSTATS\0", tcp=tcp) == b""
            said = await one.talk(b"zSTATS\0", tcp=tcp)
            assert said.startswith(b"POOLS: 1\n\nSTATE: VALID PRIMARY\nTHREADS: live 2")
            assert await one.talk(b"nSHUTDOWN\n", tcp=tcp) == b""
            assert one.stopped.is_set()
            owner = "ip:127.0.0.1" if tcp else "uid:"
            assert all(tenant.startswith(owner) for tenant in desk.tenants)

    play(scene)


def test_a_stream_that_is_known_is_answered_without_the_desk(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = FakeDesk(repeated={sha256(b"a word").digest(), sha256(b"long").digest()})
        async with serving(desk, tmp_path, ClamdSettings(file_size=3)) as one:
            # Too large to be looked at: whatever another face was told of it.
            said = await one.talk(stream(b"long"))
            assert said != b"stream: OK\0"
        async with serving(desk, tmp_path) as one:
            before = desk.submitted
            said = await one.talk(stream(b"a ", b"word"))
            assert (said, desk.submitted) == (b"stream: OK\0", before)
            said = await one.talk(
                b"zIDSESSION\0" + stream(b"a word") + stream(b"other") + b"zEND\0"
            )
            assert said == b"1: stream: OK\x002: stream: OK\0"
            assert desk.submitted == before + 1

    play(scene)


def test_a_refused_client_is_told_nothing(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, allowed=lambda peer: not peer) as one:
            assert await one.talk(b"zPING\0") == b"PONG\0"
            assert await one.talk(tcp=True) == b""

    play(scene)


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize("more", [0, 1, 3 * MIB, 20 * MIB])
def test_the_limit_is_always_told(tmp_path: Path, more: int, *, tcp: bool) -> None:
    """A client that sends all before it reads anything sees it, too."""
    settings = ClamdSettings(stream_size=MIB)
    sent = stream(bytes(MIB), b"x", bytes(more))

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, settings) as one:
            for _ in range(3):
                said = await one.talk(sent, tcp=tcp)
                assert said == b"INSTREAM size limit exceeded. ERROR\0"

    play(scene)


def test_who_goes_on_sending_too_much_is_not_cut_off(tmp_path: Path) -> None:
    """One that takes a cut for a fault would send the rest as another stream."""
    settings = ClamdSettings(stream_size=9, read_seconds=0.5)

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, settings) as one:
            for size, pause in ((100, 0.0), (5, 0.3)):  # together longer than 0.5 s
                said = await asyncio.to_thread(send_on, one, size, pause)
                assert said == b"INSTREAM size limit exceeded. ERROR\0"

    play(scene)


def test_who_sends_too_much_and_stands_still_is_let_go(tmp_path: Path) -> None:
    settings = ClamdSettings(stream_size=9, read_seconds=0.2)

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, settings) as one:
            with connected(one.unix) as client:
                before = len(descriptors())
                client.sendall(b"zINSTREAM\0\xff\xff\xff\xff")
                await until(lambda: len(descriptors()) == before + 1)
                await until(lambda: len(descriptors()) == before)

    play(scene)


def test_not_everything_that_is_too_much_is_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "MOST_DRAINED", 3 * MIB)

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, ClamdSettings(stream_size=9)) as one:
            with pytest.raises(OSError, match=r"reset|Broken"):
                await asyncio.to_thread(send_on, one, 100)

    play(scene)


def send_on(one: Running, size: int, pause: float = 0.0) -> bytes:
    """Send some MiB behind the limit, whatever the server does; what it has said."""
    with connected(one.unix) as client:
        client.sendall(b"zINSTREAM\0\xff\xff\xff\xff")
        for _ in range(size):
            client.sendall(bytes(MIB))
            time.sleep(pause)
        client.shutdown(socket.SHUT_WR)
        return client.recv(100)


def test_no_room_is_an_error_and_never_ok(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path / "missing"), room=0)

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, storage=storage) as one:
            for sent in (stream(b"x" * MIB), stream()):
                said = await one.talk(sent)
                assert said == b"Error writing to temporary file ERROR\0"

    play(scene)


def test_streams_give_their_memory_back(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    room = storage.room

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, storage=storage) as one:
            await one.talk(stream(b"x" * 1000))
            await one.talk(stream(b"x" * 1000)[:-1], Half())
            await one.talk(b"zINSTREAM\0\0\0\0\1x\xff\xff\xff\xff")
            await until(lambda: storage.room == room)

    play(scene)


def test_an_object_over_the_limit_for_objects_is_not_looked_at(tmp_path: Path) -> None:
    async def scene() -> None:
        for alert in (False, True):
            settings = ClamdSettings(file_size=4, alert_limits=alert)
            async with serving(FakeDesk(), tmp_path, settings) as one:
                said = await one.talk(stream(b"12345"))
                name = b"Heuristics.Limits.Exceeded.MaxFileSize FOUND"
                text = name if alert else b"size-limit ERROR"
                assert said == b"stream: " + text + b"\0"
                assert await one.talk(stream(b"1234")) == b"stream: OK\0"

    play(scene)


def test_a_truncated_stream_is_closed_in_silence(tmp_path: Path) -> None:
    desk = FakeDesk()

    async def scene() -> None:
        async with serving(desk, tmp_path) as one:
            for cut in range(1, 15):
                assert await one.talk(stream(b"x" * 5)[:-cut], Half()) == b""

    play(scene)
    assert not desk.submitted


def test_who_says_nothing_in_time_is_told_so(tmp_path: Path) -> None:
    settings = ClamdSettings(command_seconds=0.2, read_seconds=0.3, idle_seconds=0.4)
    silent = [
        *(b"", b"z", b"zPIN", b"zFILDES\0", b"zINSTREAM\0", b"zINSTREAM\0\0\0\0\7abc"),
        *(b"zIDSESSION\0", b"zIDSESSION\0zPI", b"nIDSESSION\nnINSTREAM\n\0"),
    ]

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, settings) as one:
            said = await asyncio.gather(*map(one.talk, silent))
            assert said == [b"COMMAND READ TIMED OUT\n"] * len(silent)

    play(scene)


def test_a_byte_now_and_then_does_not_buy_time_for_a_command(tmp_path: Path) -> None:
    settings = ClamdSettings(command_seconds=0.3)
    slow = [step for byte in b"zVERSIONCOMMANDS" for step in (bytes([byte]), 0.1)]

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, settings) as one:
            assert await one.talk(*slow) == b"COMMAND READ TIMED OUT\n"

    play(scene)


def test_a_thousand_silent_clients_cost_nobody_anything(tmp_path: Path) -> None:
    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path) as one:
            silent = await asyncio.to_thread(crowd, one, 1000)
            start = time.monotonic()
            assert await one.talk(stream(EICAR)) == b"stream: " + FOUND + b"\0"
            assert time.monotonic() - start < 1
            for client in silent:
                client.close()

    play(scene)


def crowd(one: Running, count: int) -> list[socket.socket]:
    return [connected(one.unix) for _ in range(count)]


def test_nothing_is_left_open(tmp_path: Path) -> None:
    before = descriptors()

    async def scene() -> None:
        desk = FakeDesk(held=True)
        async with serving(desk, tmp_path) as one:
            open_clients = [connected(one.unix) for _ in range(4)]
            open_clients[0].sendall(stream(b"x"))
            open_clients[1].sendall(b"zINSTREAM\0\0\0\0\2x")
            open_clients[2].sendall(b"zIDSESSION\0" + stream(b"x") + stream(b"y"))
            await until(lambda: desk.submitted == 3)
        for client in open_clients:
            client.close()
        assert desk.cancelled == 3

    play(scene)
    assert descriptors() <= before
