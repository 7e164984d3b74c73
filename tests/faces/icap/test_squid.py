"""Squid in front: what a browser behind it gets.

Recorded with c-icap in the place of clearward: clean 200, the test file 403, in a zip
403, posted 403.
"""

import asyncio
import hashlib
import io
import os
import pwd
import shutil
import socket
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from support.icap_server import running
from support.marks import EICAR
from support.serving import desk, play, until

SQUID = shutil.which("squid") or shutil.which("squid", path="/usr/sbin")
LOCKED = bytes.fromhex(  # a zip whose one member, of 5 bytes, has a password
    "504b03040a0009000000000021007065f2ea1100000005000000010000006100"
    "0102030405060708090a0b0c0d0e0f10504b07087065f2ea1100000005000000"
    "504b01021e030a0009000000000021007065f2ea110000000500000001000000"
    "0000000000000000a4810000000061504b050600000000010001002f00000040"
    "0000000000"
)
BIG = os.urandom(1 << 20)
NOT_SMALL = os.urandom(50_000)

pytestmark = pytest.mark.skipif(SQUID is None, reason="squid is not installed")


def zipped(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("file", content)
    return made.getvalue()


FILES = {
    "/clean": b"hello clean world\n" * 10,
    "/eicar.com": EICAR,
    "/eicar_com.zip": zipped(EICAR),
    "/not-small": NOT_SMALL,
    "/locked.zip": LOCKED,
    "/empty": b"",
}

CONFIGURATION = """\
http_port 127.0.0.1:{port}
visible_hostname localhost
pid_filename {folder}/squid.pid
access_log none
cache_log {folder}/cache.log
coredump_dir {folder}
netdb_filename none
pinger_enable off
cache deny all
memory_cache_shared off
shutdown_lifetime 0 seconds
dns_nameservers 127.0.0.1
http_access allow localhost
http_access deny all
icap_enable on
icap_preview_enable on
icap_service_failure_limit -1
icap_send_client_ip on
icap_service uploads reqmod_precache bypass=off icap://127.0.0.1:{icap}/avscan
icap_service downloads respmod_precache bypass=off icap://127.0.0.1:{icap}/avscan
adaptation_access uploads allow all
adaptation_access downloads allow all
request_header_access Accept-Encoding deny all
request_header_replace Accept-Encoding gzip
request_header_access Range deny all
"""


class Got(NamedTuple):
    status: int
    body: bytes


async def origin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request: a file, or the digest of what was posted.

    Files are smaller than 64 KiB. Squid 5.7 stalls if a server on the same machine
    fills its buffer faster than it is emptied, with c-icap in the place of clearward
    as well.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    method, target, _ = head.decode("latin-1").split(" ", 2)
    content = FILES.get(target, b"")
    if target == "/head":
        content = head
    if method == "POST":
        length = head.lower().partition(b"content-length:")[2].split()[0]
        content = await reader.readexactly(int(length))
        content = hashlib.sha256(content).hexdigest().encode()
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
        b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)
    )
    await writer.drain()
    writer.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def prepared(folder: Path, port: int, icap: int) -> str:
    """Write a configuration; return its path."""
    folder.mkdir()
    text = CONFIGURATION.format(port=port, folder=folder, icap=icap)
    if os.geteuid() == 0:
        user = pwd.getpwnam("proxy")
        text += "cache_effective_user proxy\n"
        os.chown(folder, user.pw_uid, user.pw_gid)
    (folder / "squid.conf").write_text(text)
    return str(folder / "squid.conf")


@asynccontextmanager
async def squid(folder: Path, icap: int) -> AsyncIterator[int]:
    """Squid on the loopback, as a user of its own if it may; yield its port."""
    port = free_port()
    assert SQUID is not None
    process = await asyncio.create_subprocess_exec(
        # Its shared memory has the name of the service.
        *(SQUID, "-N", "-n", f"cw{port}", "-f", prepared(folder, port, icap)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await until(lambda: answers(port) or process.returncode is not None, 30)
        assert process.returncode is None, complaints(folder)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 30)


def complaints(folder: Path) -> str:
    """The last that squid wrote into its log."""
    return (folder / "cache.log").read_text()[-1000:]


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


async def ask(
    proxy: int, method: str, url: str, content: bytes = b"", *fields: str
) -> Got:
    """Ask for something through the proxy."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy)
    lines = (f"{method} {url} HTTP/1.1", "Host: 127.0.0.1", "Connection: close")
    if content:
        fields = (*fields, f"Content-Length: {len(content)}")
    writer.write("\r\n".join((*lines, *fields, "", "")).encode() + content)
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return Got(int(head.split()[1]), body)


Ask = Callable[..., Awaitable[Got]]


def browse(
    folder: Path, look: Callable[[Ask], Awaitable[None]], most: int = 4 << 20
) -> None:
    """Set up the whole chain, and let a test look through it."""

    async def scene() -> None:
        server = await asyncio.start_server(origin, "127.0.0.1", 0)
        place = server.sockets[0].getsockname()[1]
        async with (
            server,
            desk() as known,
            running(known, folder, most=most) as icap,
            squid(folder / "squid", icap.port) as proxy,
        ):

            async def through(
                method: str, path: str, content: bytes = b"", *fields: str
            ) -> Got:
                url = f"http://127.0.0.1:{place}{path}"
                return await ask(proxy, method, url, content, *fields)

            await look(through)

    play(scene)


def test_what_is_clean_comes_through_and_what_is_found_does_not(tmp_path: Path) -> None:
    async def look(through: Ask) -> None:
        assert await through("GET", "/clean") == Got(200, FILES["/clean"])
        for path in ("/eicar.com", "/eicar_com.zip"):
            blocked = await through("GET", path)
            assert blocked.status == 403
            assert b"Eicar-Test-File" in blocked.body
            assert EICAR not in blocked.body
        assert (await through("POST", "/up", EICAR)).status == 403
        assert (await through("POST", "/up", b"hello")).status == 200

    browse(tmp_path, look)


def test_whole_objects_are_asked_for_in_an_encoding_that_is_read(
    tmp_path: Path,
) -> None:
    async def look(through: Ask) -> None:
        fields = ("Accept-Encoding: br, gzip", "Range: bytes=1-2")
        seen = (await through("GET", "/head", b"", *fields)).body
        assert b"Accept-Encoding: gzip\r\n" in seen
        assert b"Range:" not in seen

    browse(tmp_path, look)


def test_large_and_empty_objects_come_through_unchanged(tmp_path: Path) -> None:
    async def look(through: Ask) -> None:
        assert (await through("GET", "/not-small")).body.count(NOT_SMALL) == 1
        digest = hashlib.sha256(BIG).hexdigest().encode()
        assert await through("POST", "/up", BIG) == Got(200, digest)
        assert await through("GET", "/empty") == Got(200, b"")

    browse(tmp_path, look)


def test_what_cannot_be_looked_at_does_not_come_through(tmp_path: Path) -> None:
    async def look(through: Ask) -> None:
        assert (await through("GET", "/locked.zip")).status == 500
        assert (await through("GET", "/not-small")).status == 500
        assert (await through("POST", "/up", BIG)).status == 500
        assert (await through("GET", "/clean")).status == 200

    browse(tmp_path, look, most=len(NOT_SMALL) - 1)


def test_a_file_in_a_form_is_found(tmp_path: Path) -> None:
    form = b"\r\n".join((b"--XyZ", b"", EICAR, b"--XyZ--", b""))

    async def look(through: Ask) -> None:
        kind = "Content-Type: multipart/form-data; boundary=XyZ"
        assert (await through("POST", "/up", form, kind)).status == 403

    browse(tmp_path, look)
