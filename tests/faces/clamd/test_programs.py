"""Debian's own programs at the face: clamdscan, and clamav-milter that gets mail."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.clamd_client import FakeDesk, Running, serving
from support.marks import EICAR
from support.serving import play

NAME = "Eicar-Test-Signature.UNOFFICIAL FOUND"


def needed(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def ran(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=30
    )


def configured(folder: Path, one: Running) -> Path:
    """A configuration for clamdscan."""
    path = folder / "clamdscan.conf"
    path.write_text(f"LocalSocket {one.unix}\n")
    return path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    (folder / "sub").mkdir(parents=True)
    (folder / "clean").write_bytes(b"nothing in it")
    (folder / "sub" / "found").write_bytes(EICAR)
    return folder


@pytest.mark.parametrize(
    "options", [(), ("-m",), ("--stream",), ("--fdpass",), ("--fdpass", "-m"), ("-z",)]
)
def test_clamdscan_in_each_of_its_ways(
    tmp_path: Path, tree: Path, options: tuple[str, ...]
) -> None:
    needed("clamdscan")

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path) as one:
            start = ("clamdscan", "-c", str(configured(tmp_path, one)), *options)
            clean = await asyncio.to_thread(ran, *start, tree / "clean")
            assert (clean.returncode, clean.stderr) == (0, "")
            assert f"{tree}/clean: OK\n" in clean.stdout
            found = await asyncio.to_thread(ran, *start, tree)
            assert (found.returncode, found.stderr) == (1, "")
            assert f"{tree}/sub/found: {NAME}\n" in found.stdout
            assert "Infected files: " in found.stdout

    play(scene)


def test_clamdscan_sees_what_is_not_there_as_an_error(tmp_path: Path) -> None:
    needed("clamdscan")

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path) as one:
            conf = str(configured(tmp_path, one))
            missing = tmp_path / "missing"
            said = await asyncio.to_thread(ran, "clamdscan", "-c", conf, missing)
            assert said.returncode == 2

    play(scene)


def test_clamdscan_pings_reloads_and_asks_for_the_version(tmp_path: Path) -> None:
    needed("clamdscan")

    async def scene() -> None:
        desk = FakeDesk()
        async with serving(desk, tmp_path) as one:
            conf = str(configured(tmp_path, one))
            said = await asyncio.to_thread(ran, "clamdscan", "-c", conf, "--ping", "1")
            assert (said.returncode, said.stdout) == (0, "PONG\n")
            said = await asyncio.to_thread(ran, "clamdscan", "-c", conf, "--reload")
            assert said.returncode == 0
            assert desk.reloads == 1
            said = await asyncio.to_thread(ran, "clamdscan", "-c", conf, "--version")
            assert said.stdout.startswith("ClamAV 1.4.6/20780/Mon Nov 23")

    play(scene)


MAIL = """
conn = mt.connect("local:{socket}")
if conn == nil then error("no milter") end
mt.conninfo(conn, "host", "192.0.2.1")
mt.mailfrom(conn, "a@example.org")
mt.rcptto(conn, "b@example.org")
mt.header(conn, "From", "a@example.org")
mt.header(conn, "Subject", "x")
mt.bodystring(conn, [[{body}]])
mt.eom(conn)
print("reply", string.char(mt.getreply(conn)))
mt.disconnect(conn)
"""


@contextmanager
def milter(folder: Path, clamd: str) -> Iterator[Path]:
    """A clamav-milter that rejects what is found."""
    conf = folder / "milter.conf"
    socket = folder / "m"
    conf.write_text(
        f"MilterSocket {socket}\nClamdSocket unix:{clamd}\nOnInfected Reject\n"
        "OnFail Defer\nForeground yes\nAddHeader Replace\nReadTimeout 10\n"
        f"TemporaryDirectory {folder}\nUser {_user()}\n"
    )
    command = ("clamav-milter", "-c", conf)
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            end = time.monotonic() + 20
            while not socket.exists():
                if process.poll() is not None or time.monotonic() > end:
                    pytest.skip("clamav-milter does not start here")
                time.sleep(0.02)
            yield socket
        finally:
            process.send_signal(signal.SIGTERM)


def _user() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def test_mail_that_holds_the_test_file_is_rejected(tmp_path: Path) -> None:
    needed("clamav-milter", "miltertest")

    def send(socket: Path, body: str) -> str:
        script = tmp_path / "mail.lua"
        script.write_text(MAIL.format(socket=socket, body=body))
        said = ran("miltertest", "-s", script)
        assert said.returncode == 0, said.stdout + said.stderr
        return said.stdout.split()[-1]

    def both(one: Running) -> tuple[str, str]:
        with milter(tmp_path, one.unix) as socket:
            return send(socket, "hello\r\n"), send(socket, EICAR.decode() + "\r\n")

    async def scene() -> None:
        desk = FakeDesk()
        async with serving(desk, tmp_path) as one:
            clean, found = await asyncio.to_thread(both, one)
            assert clean in {"a", "c"}
            assert found in {"y", "r"}
            assert desk.submitted == 2

    play(scene)
