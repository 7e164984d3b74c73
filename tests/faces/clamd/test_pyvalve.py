"""pyvalve of PyPI, which is asynchronous, against a running server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.clamd_served import NAME, SAID_OF_LIMIT, desk, open_folder, samples

PACKAGE = "pyvalve==0.1.3"
TIMES = 5  # a lost answer is lost in a race

SCRIPT = """
import asyncio, json, sys
from pyvalve import PyvalveNetwork, PyvalveSocket

place, *paths = sys.argv[1:]

async def outcome(answer):
    try:
        return await answer
    except Exception as error:
        return f"{type(error).__name__}: {error}"

async def main():
    if place.isdigit():
        one = await PyvalveNetwork("127.0.0.1", int(place))
    else:
        one = await PyvalveSocket(place)
    said = [await one.ping(), await one.version()]
    for path in paths:
        said.append([await outcome(one.instream(open(path, "rb"))),
                     await outcome(one.scan(path))])
    print(json.dumps(said))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pyvalve")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-input"]
    try:
        installed = subprocess.run(
            [*command, "--retries", "0", "--target", folder, PACKAGE],
            capture_output=True,
            check=False,
            timeout=90,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{PACKAGE} takes too long to install")
    if installed.returncode:
        pytest.skip(f"{PACKAGE} cannot be installed here")
    return folder


def test_pyvalve_is_told_all_there_is(
    package: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = open_folder(tmp_path_factory, "asked")
    files = samples(folder)
    asked = [files.clean, files.found, files.locked, *[files.large] * TIMES]
    with desk(folder) as one:
        for place in (one.unix, str(one.port)):
            ran = subprocess.run(
                [sys.executable, "-c", SCRIPT, place, *asked],
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
                env={"PYTHONPATH": str(package)},
            )
            assert ran.returncode == 0, ran.stderr
            ping, version, clean, found, locked, *large = json.loads(ran.stdout)
            assert ping == "PONG"
            assert version.startswith("ClamAV 1.4.6/")
            assert clean == ["stream: OK", f"{files.clean}: OK"]
            assert found == [f"{it}: {NAME} FOUND" for it in ("stream", files.found)]
            assert locked[0] == "stream: encrypted ERROR"
            assert locked[1] == (
                f"PyvalveResponseError: {files.locked}: encrypted ERROR"
            )
            said = f"PyvalveStreamMaxLength: {SAID_OF_LIMIT} ERROR"
            assert [each[0] for each in large] == [said] * TIMES
