"""What c-icap was recorded to answer, asked of clearward and compared in meaning.

The meaning of an answer: its status, what is found in it or not, which sections it has,
the object if it was given back, and whether the connection stays. Names of rules, pages
and what only tells who answers differ.
"""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.icap_client import Answer, Client, chunked, connect
from support.icap_server import running
from support.marks import EICAR
from support.serving import desk, play

# c-icap's echo service is none of ours.
NOT_OURS = {"options.echo"}
LARGE = b"hello clean world\n" * 4000
GIVEN = ("methods", "allow", "preview", "transfer-preview", "options-ttl")

pytestmark = pytest.mark.shared


class Meaning(NamedTuple):
    status: int
    found: bool
    sections: tuple[str, ...]
    http: bytes
    body: bytes
    closes: bool
    options: tuple[set[str] | None, ...]


def meaning(answer: Answer) -> Meaning:
    found = "x-infection-found" in answer.fields
    assert found == ("x-violations-found" in answer.fields)
    line = answer.http.partition(b"\r\n")[0]
    values = (answer.fields.get(name) for name in GIVEN)
    return Meaning(
        answer.status,
        found,
        answer.sections,
        line,
        b"" if found else answer.body,
        answer.fields.get("connection") == "close",
        tuple(
            None if value is None else {word.strip() for word in value.split(",")}
            for value in values
        ),
    )


async def recorded(reply: str) -> Answer:
    """Read a recorded answer as the client would."""
    reader = asyncio.StreamReader()
    reader.feed_data(base64.b64decode(reply))
    reader.feed_eof()
    return await Client(reader, None).answer()  # type: ignore[arg-type]


def content(label: str) -> bytes:
    """The object of a case; the recording leaves out what is long."""
    return LARGE if "bigclean" in label else EICAR


def first(label: str, step: dict[str, Any]) -> bytes:
    """What was sent first."""
    if step["send_b64"] is not None:
        return base64.b64decode(step["send_b64"])
    head = step["send_text"].encode().partition(b"1000\r\n")[0]
    return bytes(head) + chunked(content(label))


def rest(label: str, step: dict[str, Any]) -> bytes:
    """What was sent after "100 Continue"."""
    sent = chunked(content(label)[1024 if "preview1024" in label else 0 :])
    assert len(sent) == step["continue_len"]
    return sent


def cases(shared: Path) -> list[dict[str, Any]]:
    """The recorded cases."""
    text = (shared / "transcripts/icap_raw.json").read_text()
    every: list[dict[str, Any]] = json.loads(text)["cases"]
    return [case for case in every if case["label"] not in NOT_OURS]


async def replay(client: Client, case: dict[str, Any]) -> None:
    """Send what was sent, and compare each answer."""
    for step in case["steps"]:
        answer = await client.ask(first(case["label"], step))
        expected = await recorded(step["reply_b64"])
        assert meaning(answer) == meaning(expected), case["label"]
        if "continue_len" in step:
            answer = await client.ask(rest(case["label"], step))
            expected = await recorded(step["reply2_b64"])
            assert meaning(answer) == meaning(expected), case["label"]
        if answer.fields["connection"] == "close":
            assert await client.closed() == b""


def test_every_recorded_case_has_the_same_meaning(shared: Path, tmp_path: Path) -> None:
    known = cases(shared)
    assert len(known) > 10

    async def scene() -> None:
        async with desk() as real, running(real, tmp_path) as icap:
            for case in known:
                client = await connect(icap.port)
                await replay(client, case)
                await client.close()

    play(scene)
