"""What was recorded from clamd is what is answered here, with the betterments alone.

INDEX.json beside the recordings says what to normalise, and which answers of clamd are
not to be copied; design/PROTOCOLS.md says what comes in their place.
"""

import asyncio
import base64
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.clamd_client import Answers, Half, Passed, Running, Step, serving
from support.serving import Lines, play

from clearward.core.limits import Limits
from clearward.faces.clamd.conf import ClamdConf, parse_conf
from clearward.service.desk import Desk
from clearward.service.loading import load
from clearward.service.logs import logger
from clearward.wiring import RuleChoice, ScanChoice, Scanner

from .conftest import unpacked

SERVERS = ("A", "B")
NOT_THERE = "File path check failure: No such file or directory. ERROR"
VERSION = re.compile(rb"ClamAV \d+\.\d+\.\d+(/\d+/\w{3} \w{3} [ \d]\d [\d:]{8} \d{4})?")
STATS = re.compile(rb"(POOLS|STATE|THREADS|QUEUE|MEMSTATS):[^\0\n]*")
TASK = re.compile(rb"\n\t[^\n]*")
NUMBER = re.compile(rb"fd\[\d+\]")
# What a link given by name leads to, and what is no file: never OK.
INSTEAD = {
    "link": "$DIR/files/link: Eicar-Test-Signature.UNOFFICIAL FOUND",
    "dangling": f"$DIR/files/dangling: {NOT_THERE}",
    "fifo": "$DIR/files/fifo: Not supported file type ERROR",
    "/dev/null": "/dev/null: Not supported file type ERROR",
    "n.crlf": "$DIR/files/eicar.com: Eicar-Test-Signature.UNOFFICIAL FOUND",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recordings, with the files that they are about."""

    folder: Path
    cases: list[dict[str, Any]]
    configs: dict[str, str]


@pytest.fixture(scope="module")
def recorded(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    path = shared / "transcripts/clamd_raw.json"
    if not path.exists():
        pytest.skip("the recordings are not there")
    folder = tmp_path_factory.mktemp("recorded")
    unpacked(shared / "transcripts/files.tar.zst", folder)
    os.mkfifo(folder / "files/fifo")
    told = json.loads(path.read_text("utf-8"))
    return Recorded(folder, told["cases"], told["configs"])


def steps(case: dict[str, Any], folder: Path) -> list[Step]:
    def placed(data: bytes) -> bytes:
        return data.replace(b"$DIR", os.fsencode(folder))

    made: list[Step] = []
    for step in case["steps"]:
        if "send_b64" in step:
            made.append(placed(base64.b64decode(step["send_b64"])))
        elif "send_fd" in step:
            path = placed(step["send_fd"].encode())
            data = step["with_bytes"].encode().decode("unicode_escape").encode()
            made.append(Passed([os.open(path, os.O_RDONLY)], data))
        elif "sleep_s" in step:
            made.append(step["sleep_s"])
        elif "await_reply" in step:
            made.append(Answers())
        else:
            raise AssertionError(f"a step that is not known: {sorted(step)}")
    if case["shutdown_wr"]:
        made.append(Half())
    return made


def wanted(case: dict[str, Any]) -> bytes:
    """The recorded answer, or what is better."""
    kind, _, name = case["id"].partition(".")
    if kind.endswith("scan") and name in INSTEAD:
        return INSTEAD[name].encode() + (b"\n" if name == "n.crlf" else b"\0")
    return base64.b64decode(case["reply_b64"])


def normal(said: bytes, folder: Path) -> list[bytes]:
    """Answers without what varies, in any order."""
    said = said.replace(os.fsencode(folder), b"$DIR")
    said = NUMBER.sub(b"fd[N]", VERSION.sub(b"ClamAV", said))
    said = TASK.sub(b"", STATS.sub(rb"\1:", said))
    return sorted(re.split(rb"(?<=[\0\n])", said))


async def play_all(one: Running, recorded: Recorded, server: str) -> dict[str, object]:
    """Replay every case of one server, several at a time; return what differs."""
    room = asyncio.Semaphore(8)

    async def replay(case: dict[str, Any]) -> tuple[list[bytes], list[bytes]]:
        async with room:
            tcp = case["transport"] == "tcp"
            said = await one.talk(*steps(case, recorded.folder), tcp=tcp)
        return normal(said, recorded.folder), normal(wanted(case), recorded.folder)

    cases = [case for case in recorded.cases if case["server"] == server]
    answers = await asyncio.gather(*map(replay, cases))
    pairs = zip(cases, answers, strict=True)
    return {case["id"]: both for case, both in pairs if both[0] != both[1]}


def desk_of(conf: ClamdConf) -> Desk:
    assert conf.rules is not None
    rules = RuleChoice((conf.rules,), defaults=False)
    choice = ScanChoice(limits=conf.limits, jobs=2, serving=True, require="D")
    log = logger(Lines(), {})  # type: ignore[arg-type] # all that is used
    return Desk(lambda: load(lambda: Scanner(rules, choice)), jobs=2, log=log)


@pytest.mark.parametrize("server", SERVERS)
def test_every_recorded_conversation(
    recorded: Recorded, server: str, tmp_path: Path
) -> None:
    text = recorded.configs[server].replace("$DIR/clamd/db", "$DIR/db")
    conf = parse_conf(text.replace("$DIR", str(recorded.folder)), Limits())
    different: dict[str, object] = {}

    async def scene() -> None:
        desk = desk_of(conf)
        await desk.start()
        try:
            async with serving(desk, tmp_path, conf.settings) as one:
                different.update(await play_all(one, recorded, server))
        finally:
            await desk.close()

    play(scene)
    assert not different


def test_recordings_of_one_server_are_there(recorded: Recorded) -> None:
    assert {case["server"] for case in recorded.cases} == set(SERVERS)
    assert all(case["closed_by_server"] for case in recorded.cases)
