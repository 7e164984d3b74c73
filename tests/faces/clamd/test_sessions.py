"""Sessions that send more than they read: nothing piles up, nothing is lost."""

import asyncio
import socket
from pathlib import Path

from support.clamd_client import FakeDesk, Half, connected, serving, stream
from support.serving import play, until

from clearward.faces.clamd.connection import MOST_OWED
from clearward.faces.clamd.settings import ClamdSettings

SESSION = b"zIDSESSION\0"


def test_so_many_answers_are_owed_and_no_more(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = FakeDesk(held=True)
        async with serving(desk, tmp_path) as one:
            talking = asyncio.create_task(
                one.talk(SESSION + stream(b"x") * 200 + b"zEND\0")
            )
            await until(lambda: desk.submitted >= MOST_OWED)
            await asyncio.sleep(0.1)
            assert desk.submitted == MOST_OWED
            desk.held = False
            desk.release()
            assert (await talking).count(b"stream: OK\0") == 200

    play(scene)


def send(client: socket.socket, sent: bytes) -> None:
    client.sendall(sent)
    client.shutdown(socket.SHUT_WR)


def read_all(client: socket.socket) -> bytes:
    said = bytearray()
    while data := client.recv(1 << 16):
        said += data
    return bytes(said)


def test_a_session_that_does_not_read_is_not_read(tmp_path: Path) -> None:
    count = 30_000
    progress = [0]

    def sending(client: socket.socket) -> None:
        for _ in range(count):
            client.sendall(b"nVERSIONCOMMANDS\n")
            progress[0] += 1
        client.shutdown(socket.SHUT_WR)

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path) as one:
            with connected(one.unix, 30) as client:
                client.sendall(SESSION)
                task = asyncio.create_task(asyncio.to_thread(sending, client))
                seen = -1
                while seen != progress[0]:  # until nobody takes any more of it
                    seen = progress[0]
                    await asyncio.sleep(0.3)
                assert 0 < seen < count
                said = await asyncio.to_thread(read_all, client)
                await task
            assert said.count(b"ALLMATCHSCAN\n") == count
            assert b"\n%d: ClamAV" % count in said

    play(scene)


def test_the_last_answers_wait_for_a_client_that_reads_late(tmp_path: Path) -> None:
    """However it was refused, closed or ended, all that was said before arrives."""

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path) as one:
            for last in (b"zEND\0", b"zBOGUS\0", b"", b"PING\n"):
                with connected(one.unix, 30) as client:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    send(client, SESSION + b"zVERSIONCOMMANDS\0" * 1200 + last)
                    await asyncio.sleep(0.3)
                    said = await asyncio.to_thread(read_all, client)
                    assert said.count(b"ALLMATCHSCAN\0") == 1200

    play(scene)


def test_what_is_answered_at_once_is_answered_one_after_the_other(
    tmp_path: Path,
) -> None:
    """A deep recursion would end at about 1,000."""
    settings = ClamdSettings(file_size=1)

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, settings) as one:
            sent = SESSION + stream(b"xx") * 5000
            said = await one.talk(sent, Half())
            assert said.count(b"stream: size-limit ERROR\0") == 5000

    play(scene)
