"""Clients that others wrote, against a running server: the size limit reaches them all.

Each is installed from the package index into a folder of its own, since two of them
have one module name; where the index is out of reach the tests say that they skip.
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.clamd_client import FakeDesk, Running, serving
from support.marks import EICAR
from support.serving import play

from clearward.core.limits import MIB
from clearward.faces.clamd.settings import ClamdSettings

PACKAGES = (
    *("clamd", "pyclamd", "aioclamd", "clamav-client", "python-mollusc", "clamdpy"),
    "python-clamd",
)
SIZES = (MIB + 1, 3 * MIB)
TIMES = 4

# What all of them do: in blocking form, and told with the words of each.
SCRIPT = """
import asyncio, collections, importlib, io, json, sys

package, kind, place, test_file = sys.argv[1:5]
sizes, times = json.loads(sys.argv[5]), int(sys.argv[6])
name = {"clamav-client": "clamav_client.clamd", "python-mollusc": "clamd"}
module = importlib.import_module(name.get(package, package.replace("-", "_")))
if package == "aioclamd":
    one = module.ClamdAsyncClient("127.0.0.1", int(place), timeout=30)
elif kind == "unix":
    one = module.ClamdUnixSocket(place)
else:
    one = module.ClamdNetworkSocket("127.0.0.1", int(place))

def told(answer):
    return asyncio.run(answer) if asyncio.iscoroutine(answer) else answer

def stream(data):
    if package == "pyclamd":
        return told(one.scan_stream(data))
    return told(one.instream(io.BytesIO(data)))

seen = collections.Counter()
for size in sizes:
    for _ in range(times):
        try:
            stream(bytes(size))
        except Exception as error:
            seen[type(error).__name__] += 1
        else:
            seen["none"] += 1
print(json.dumps({
    "ping": str(told(one.ping())),
    "version": str(told(one.version())),
    "clean": str(stream(b"nothing in it")),
    "found": str(stream(test_file.encode())),
    "too long": seen,
}))
"""


@pytest.fixture(scope="module", params=PACKAGES)
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """One client's package, and the folder that it is installed in."""
    folder = tmp_path_factory.mktemp("client")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-input"]
    try:
        installed = subprocess.run(
            [*command, "--retries", "0", "--target", folder, request.param],
            capture_output=True,
            check=False,
            timeout=90,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{request.param} takes too long to install")
    if installed.returncode:
        pytest.skip(f"{request.param} cannot be installed here")
    return request.param, folder


def asked(folder: Path, package: str, one: Running, kind: str) -> dict[str, Any]:
    place = one.unix if kind == "unix" else str(one.tcp[1])
    told = [package, kind, place, EICAR.decode(), json.dumps(SIZES), str(TIMES)]
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *told],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": str(folder)},
    )
    assert ran.returncode == 0, ran.stderr
    answers: dict[str, Any] = json.loads(ran.stdout)
    return answers


@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_a_client_gets_on_with_the_server(
    client: tuple[str, Path], kind: str, tmp_path: Path
) -> None:
    package, folder = client
    if package == "aioclamd" and kind == "unix":
        pytest.skip("aioclamd speaks TCP alone")
    answers: dict[str, Any] = {}

    async def scene() -> None:
        settings = ClamdSettings(stream_size=MIB)
        async with serving(FakeDesk(), tmp_path, settings) as one:
            got = await asyncio.to_thread(asked, folder, package, one, kind)
            answers.update(got)

    play(scene)
    assert answers["ping"] in {"PONG", "True"}
    assert "ClamAV 1.4.6" in answers["version"]
    assert "20780" in answers["version"]
    assert answers["clean"] == "None" or "OK" in answers["clean"]
    assert "Eicar-Test-Signature.UNOFFICIAL" in answers["found"]
    assert answers["too long"] == {"BufferTooLongError": TIMES * len(SIZES)}
