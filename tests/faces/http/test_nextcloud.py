"""Nextcloud's flow against a real jail: clean, found, with a password, not able.

Its client is retold: the head with the length of all, then pieces of base64, and what
it makes of the answer. Source: nextcloud/files_antivirus at 62e4aa8,
`lib/Scanner/ExternalKaspersky.php`.
"""

import asyncio
import base64
import io
import json
import socket
import zipfile
from collections.abc import Callable, Coroutine

from support.marks import EICAR
from support.serving import desk, play

from clearward.faces.http.server import HttpServer
from clearward.faces.http.settings import ERROR, HttpSettings
from clearward.service.body import Storage
from clearward.service.context import Service
from clearward.service.desk import Desk
from clearward.service.listening import Allowed
from clearward.service.logs import logger
from clearward.service.metrics import Metrics

PIECE = 30 * 8 * 1024 // 3 * 4  # characters


async def ask(port: int, content: bytes) -> str:
    """Send a file as Nextcloud does; return what it makes of the answer."""
    text = base64.b64encode(content)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        "POST /api/v3.0/scanmemory HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"content-type: application/json\r\ncontent-length: {len(text) + 13}\r\n\r\n"
    )
    writer.write(head.encode() + b'{"object":"')
    for start in range(0, len(text), PIECE):
        writer.write(text[start : start + PIECE])
        await writer.drain()
    writer.write(b'"}')
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    said = json.loads(await reader.readexactly(length))
    writer.close()
    await writer.wait_closed()
    return understood(int(answer.split()[1]), said)


def understood(status: int, said: dict[str, str]) -> str:
    """What Nextcloud makes of an answer."""
    if status > 299:
        return "unchecked"
    result = said["scanResult"]
    if result.startswith("CLEAN"):
        return "clean"
    if result.startswith("NON_SCANNED"):
        return "unscannable" if "PASSWORD PROTECTED" in result else "unchecked"
    return f"infected {said['detectionName']}"


def archive(*, locked: bool) -> bytes:
    """A zip; with a password that nobody knows."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("report.txt", b"nothing of interest " * 9)
    data = bytearray(kept.getvalue())
    if locked:
        folder = data.index(b"PK\x01\x02")
        data[6] |= 1
        data[folder + 8] |= 1
        # What is marked as encrypted and is not would be read all the same.
        data[40:folder] = bytes(byte ^ 0x5A for byte in data[40:folder])
    return bytes(data)


def served(
    scene: Callable[[int, Desk], Coroutine[None, None, None]],
    settings: HttpSettings | None = None,
) -> None:
    async def whole() -> None:
        async with desk() as one:
            service = Service(
                desk=one,
                storage=Storage("/tmp"),  # noqa: S108 - files without names
                allowed=Allowed(),
                log=logger(io.StringIO(), {}),
                metrics=Metrics(one),
            )
            server = HttpServer(service, settings or HttpSettings())
            listener = socket.create_server(("127.0.0.1", 0))
            await server.start([listener])
            try:
                await scene(listener.getsockname()[1], one)
            finally:
                await server.close(0.0)

    play(whole)


def test_the_four_outcomes() -> None:
    async def scene(port: int, one: Desk) -> None:
        assert await ask(port, b"harmless" * 99_999) == "clean"
        assert await ask(port, archive(locked=False)) == "clean"
        assert (await ask(port, EICAR)).startswith("infected Eicar")
        assert await ask(port, archive(locked=True)) == "unscannable"
        assert await ask(port, archive(locked=False)[:-30]) == "unchecked"
        await one.close()
        assert await ask(port, EICAR) == "unchecked"

    served(scene)


def test_what_was_not_scanned_is_never_stored_if_that_is_set() -> None:
    async def scene(port: int, _one: Desk) -> None:
        assert await ask(port, b"harmless") == "clean"
        assert (await ask(port, EICAR)).startswith("infected Eicar")
        assert await ask(port, archive(locked=True)) == "unchecked"
        assert await ask(port, archive(locked=False)[:-30]) == "unchecked"

    served(scene, HttpSettings(unscanned=ERROR))
