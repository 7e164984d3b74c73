"""c-icap's own client, both methods, with and without a preview and 204."""

import asyncio
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from support.icap_server import running
from support.marks import EICAR
from support.serving import desk, play

PROGRAM = shutil.which("c-icap-client")
LARGE = b"hello clean world\n" * 4000

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="c-icap-client is missing")


class Said(NamedTuple):
    text: str
    body: bytes


async def client(port: int, *arguments: str, output: Path) -> Said:
    """Run it once."""
    place = ("-i", "127.0.0.1", "-p", str(port), "-s", "avscan", "-o", str(output))
    process = await asyncio.create_subprocess_exec(
        *(str(PROGRAM), *place, "-d", "1", "-v", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    return Said(said.decode("latin-1"), taken(output))


def taken(output: Path) -> bytes:
    """What was written, which is removed; it writes no second time."""
    body = output.read_bytes() if output.exists() else b""
    output.unlink(missing_ok=True)
    return body


SWITCHES = (
    (),
    ("-nopreview",),
    ("-no204",),
    ("-nopreview", "-no204"),
    ("-w", "0"),
    ("-w", "10"),
)


@pytest.mark.parametrize("method", ["-req", "-resp"])
def test_it_reads_what_is_meant(tmp_path: Path, method: str) -> None:
    contents = {"small": b"hello", "large": LARGE, "eicar": EICAR}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)

    async def ask(port: int, name: str, *switches: str) -> Said:
        asked = ("-f", str(tmp_path / name), method, "http://example.test/f")
        return await client(port, *asked, *switches, output=tmp_path / "out")

    async def scene() -> None:
        async with desk() as known, running(known, tmp_path) as icap:
            for switches in SWITCHES:
                for name in ("small", "large"):
                    said = await ask(icap.port, name, *switches)
                    # After 204 it writes nothing.
                    given_back = "-no204" in switches
                    assert said.body == (contents[name] if given_back else b"")
                    assert "X-Infection-Found" not in said.text
                said = await ask(icap.port, "eicar", *switches)
                assert "Threat=Eicar-Test-File;" in said.text
                assert "403 Forbidden" in said.text
                assert b"Eicar-Test-File" in said.body
                assert EICAR not in said.body

    play(scene)


def test_it_reads_the_options(tmp_path: Path) -> None:
    async def scene() -> None:
        async with desk() as known, running(known, tmp_path) as icap:
            said = await client(icap.port, output=tmp_path / "out")
            assert "Allow 204: Yes" in said.text
            assert "Preview: 1024" in said.text

    play(scene)
