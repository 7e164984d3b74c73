"""Sets and buckets from a server: what is asked for, and what is refused."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.digests import digest, made, written
from support.doors import told
from support.scripted import Script, Talk, scripted

from clearward.reputation.cover import covered
from clearward.reputation.head import Head
from clearward.reputation.records import prefix
from clearward.stores.reputation import files
from clearward.stores.reputation_writing import write

BAD, GOOD = digest(7).hex(), digest(70_000).hex()
SET = made(x=written(*range(3000)))
FILES = {name: bytes(data) for name, data in files(SET)}
Change = Callable[[str, bytes], bytes]


def serving(change: Change = lambda _, data: data) -> Script:
    """A server of the set that may change what it serves."""

    def serve(talk: Talk) -> None:
        while True:
            name = talk.hear().split(b" ")[1].decode().removeprefix("/rep/")
            if name in FILES:
                talk.answer(change(name, FILES[name]))
            else:
                talk.answer(b"", "404 Not Found")

    return serve


def asked(talks: list[Talk]) -> list[str]:
    return [head.split(b" ")[1].decode() for talk in talks for head in talk.heads]


def run(home: Path, port: int, *words: str) -> Ran:
    places = [word.replace("URL", f"http://127.0.0.1:{port}/rep/") for word in words]
    return clearward("lookup", *places, environment={"CLEARWARD_HOME": str(home)})


@pytest.fixture
def light(tmp_path: Path) -> Path:
    """A home with a set that has no list."""
    home = tmp_path / "home"
    needed = [(name, FILES[name]) for name in ("head", "labels", "filter")]
    write(str(home / "reputation"), needed)
    return home


def test_a_set_is_fetched_once_and_answers_here(tmp_path: Path) -> None:
    with scripted(serving(), serving()) as (port, talks):
        assert run(tmp_path, port, BAD, GOOD, "--from", "URL").status == 1
        whole = ["/rep/head", "/rep/labels", "/rep/filter", "/rep/list"]
        assert asked(talks) == whole
        assert run(tmp_path, port, GOOD, "--from", "URL").status == 0
        assert asked(talks)[4:] == ["/rep/head"]
    assert run(tmp_path, 9, BAD).status == 1  # the server is gone


def test_what_is_fetched_does_not_depend_on_what_is_looked_up(tmp_path: Path) -> None:
    seen = []
    for name, subject in (("one", BAD), ("other", GOOD)):
        with scripted(serving()) as (port, talks):
            run(tmp_path / name, port, subject, "--from", "URL")
            heads = [head for talk in talks for head in talk.heads]
            seen.append([re.sub(rb":\d+", b"", head) for head in heads])
    assert seen[0] == seen[1]
    assert all(b"User-Agent: clearward\r\n" in head for head in seen[0])


def test_misses_of_the_filter_are_never_asked_for(light: Path) -> None:
    with scripted(serving()) as (port, talks):
        ran = run(light, port, GOOD, "--buckets", "URL")
        assert (ran.status, talks) == (0, [])
    assert told(light) == []
    assert not (light / "lookup.secret").exists()


def test_a_hit_is_asked_for_by_its_bucket_among_others(light: Path) -> None:
    seen = []
    for _ in range(2):
        with scripted(serving()) as (port, talks):
            ran = run(light, port, BAD, GOOD, "--buckets", "URL", "--json")
            assert (ran.status, ran.err) == (1, b"")
            assert [row["state"] for row in ran.rows] == ["known", "unknown"]
            seen.append(asked(talks))
    secret = (light / "lookup.secret").read_bytes()
    due = covered(secret, {prefix(digest(7))}, 3)
    assert seen == [[f"/rep/buckets/{one:03x}" for one in due]] * 2
    assert len(due) == 4
    # Nothing of the digest but its prefix, anywhere.
    assert BAD[3:6] not in "".join(seen[0])
    written_down = [request for one in told(light) for request in one.requests]
    assert written_down == [f"GET {target}" for target in seen[0] * 2]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _, data: data[:-1], id="cut"),
        pytest.param(lambda _, data: data + b"\0", id="longer"),
        pytest.param(lambda _, data: bytes(len(data)), id="empty bucket"),
        pytest.param(lambda *_: FILES["buckets/000"], id="another bucket"),
    ],
)
def test_another_bucket_is_refused_and_nothing_is_unknown(
    light: Path, change: Change
) -> None:
    with scripted(serving(change)) as (port, _):
        ran = run(light, port, BAD, "--buckets", "URL", "--json")
    assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)


@pytest.mark.parametrize("name", ["head", "labels", "filter", "list"])
@pytest.mark.parametrize("how", ["cut", "flip", "longer"])
def test_a_damaged_set_is_not_installed(tmp_path: Path, name: str, how: str) -> None:
    def change(asked: str, data: bytes) -> bytes:
        if asked != name:
            return data
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        return {"cut": data[:-1], "longer": data + b"\0", "flip": flipped}[how]

    with scripted(serving(change)) as (port, _):
        ran = run(tmp_path, port, BAD, "--from", "URL", "--json")
    assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)
    assert not os.path.lexists(tmp_path / "reputation")


def test_another_set_than_the_one_that_is_meant_is_refused(tmp_path: Path) -> None:
    set_id = SET.head.id.hex()
    with scripted(serving(), serving()) as (port, talks):
        ran = run(tmp_path, port, BAD, "--from", "URL", "--set", "0" * 64)
        assert (ran.status, asked(talks)) == (2, ["/rep/head"])
        assert set_id.encode() in ran.err
        assert not os.path.lexists(tmp_path / "reputation")
        assert run(tmp_path, port, BAD, "--from", "URL", "--set", set_id).status == 1
    assert run(tmp_path, 9, BAD, "--set", set_id.upper()).status == 1
    assert run(tmp_path, 9, BAD, "--set", "0" * 64).status == 2


def test_a_head_that_promises_too_much_is_not_believed(tmp_path: Path) -> None:
    first = replace(SET.head.prefixes[0], records=0xFFFFFFFF)
    head = Head(SET.head.labels, (first, *SET.head.prefixes[1:])).to_bytes()
    with scripted(serving(lambda *_: head)) as (port, talks):
        ran = run(tmp_path, port, BAD, "--from", "URL")
    assert (ran.status, asked(talks)) == (2, ["/rep/head"])
    assert b"too large" in ran.err


def test_a_set_without_buckets_on_the_server_is_told(light: Path) -> None:
    with scripted(serving()) as (port, _):
        ran = run(light, port, BAD, "--buckets", f"http://127.0.0.1:{port}/none")
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)
    assert b"404" in ran.err
