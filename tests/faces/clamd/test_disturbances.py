"""Reloading, shutting down and floods while others are being served."""

import asyncio
from pathlib import Path

import pytest
from support.clamd_client import FOUND, FakeDesk, Running, connected, serving, stream
from support.marks import EICAR
from support.serving import desk, play, until

from clearward.faces.clamd import gate as gates
from clearward.faces.clamd.settings import ClamdSettings

NAME = b"stream: Eicar-Test-File FOUND\0"


def test_a_reload_disturbs_no_scan(tmp_path: Path) -> None:
    """With a real jail: a hundred scans, and new rules while they are under way."""

    async def scene() -> None:
        async with desk() as real, serving(real, tmp_path) as one:
            scans = [
                asyncio.create_task(one.talk(stream(EICAR if number % 2 else b"x")))
                for number in range(100)
            ]
            assert await one.talk(b"zRELOAD\0") == b"RELOADING\0"
            for number, said in enumerate(await asyncio.gather(*scans)):
                assert said == (NAME if number % 2 else b"stream: OK\0")
            await until(lambda: not real.reloading, 30)
            assert await one.talk(stream(EICAR)) == NAME

    play(scene)


def test_what_is_under_way_when_the_server_ends_gets_its_answer(tmp_path: Path) -> None:
    async def scene() -> None:
        slow = FakeDesk(held=True)
        async with serving(slow, tmp_path) as one:
            scan = asyncio.create_task(one.talk(stream(EICAR)))
            await until(lambda: slow.submitted == 1)
            assert await one.talk(b"zSHUTDOWN\0") == b""
            assert one.stopped.is_set()
            closing = asyncio.create_task(one.server.close(5))
            await asyncio.sleep(0.1)
            slow.release()
            await closing
            assert await scan == b"stream: " + FOUND + b"\0"

    play(scene)


def test_what_does_not_end_in_time_is_cut(tmp_path: Path) -> None:
    async def scene() -> None:
        slow = FakeDesk(held=True)
        async with serving(slow, tmp_path) as one:
            scan = asyncio.create_task(one.talk(stream(EICAR)))
            await until(lambda: slow.submitted == 1)
            await one.server.close(0.1)
            assert await scan == b""
            assert slow.cancelled == 1

    play(scene)


def test_a_server_that_ends_takes_nobody_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even if it had stopped for a moment because too much was waiting."""
    monkeypatch.setattr(gates, "MOST_WAITING", 1)

    async def scene() -> None:
        full = FakeDesk(held=True, most=0)
        async with serving(full, tmp_path) as one:
            waiting = [connected(one.unix) for _ in range(2)]
            for client in waiting:
                client.sendall(stream(b"x"))
            await asyncio.sleep(0.02)  # one is taken, and then no more for a moment
            closing = asyncio.create_task(one.server.close(0.4))
            full.most = 9
            with connected(one.unix, 0.2) as late:
                late.sendall(b"zPING\0")
                with pytest.raises(TimeoutError):
                    await asyncio.to_thread(late.recv, 9)
            await closing
            assert full.submitted == 1
            for client in waiting:
                client.close()

    play(scene)


def flood(one: Running, sent: bytes, times: int) -> None:
    """Send and leave, again and again."""
    for _ in range(times):
        with connected(one.unix) as client:
            client.sendall(sent)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"zIDSESSION\0" + b"zPING\0" * 1000, id="pings"),
        pytest.param(b"zIDSESSION\0" + stream(b"x") * 100, id="streams"),
        pytest.param(b"zIDSESSION\0zINSTREAM\0\xff\xff\xff\xff", id="too long"),
        pytest.param(b"zSCAN /\0", id="everything"),
        pytest.param(b"\xff" * 5000, id="nonsense"),
    ],
)
def test_a_flood_of_clients_that_leave_is_survived(tmp_path: Path, sent: bytes) -> None:
    async def scene() -> None:
        pretending = FakeDesk()
        async with serving(pretending, tmp_path, ClamdSettings(stream_size=9)) as one:
            await asyncio.gather(
                *(asyncio.to_thread(flood, one, sent, 25) for _ in range(4))
            )
            assert await one.talk(stream(b"x")) == b"stream: OK\0"
            await until(lambda: not pretending.slips)
            assert '"level":"error"' not in one.log.text

    play(scene)
