"""Behaviour of `clearward publish`, as a person and a program see it."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.command import Ran, clearward
from tuf.api.metadata import Metadata, Timestamp

from clearward.updates.keys import PublicKey

RULE = 'rule one { strings: $a = "a mark that nobody has" condition: $a }\n'
ROLES = ("root", "targets", "snapshot", "timestamp", "log")


class Publisher:
    """A repository and its keys."""

    def __init__(self, folder: Path) -> None:
        self.repo = folder / "repo"
        self.keys = folder / "keys"
        self.source = folder / "one.yar"
        self.source.write_text(RULE)

    def run(self, word: str, *words: str | Path) -> Ran:
        where = ("--repo", str(self.repo), "--keys", str(self.keys))
        return clearward("publish", word, *where, *words)

    def init(self, *words: str) -> Ran:
        return self.run("init", "--origin", "example.com/rules", *words)

    def timestamp(self) -> Timestamp:
        path = str(self.repo / "metadata/timestamp.json")
        return Metadata[Timestamp].from_file(path).signed


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


def test_a_new_repository_has_keys_and_what_clients_are_given(
    publisher: Publisher,
) -> None:
    ran = publisher.init("--json")
    assert (ran.status, ran.err) == (0, b"")
    key = PublicKey.parse(ran.summary["log_vkey"])
    assert key.name == "example.com/rules"
    policy = (publisher.repo / "trust/policy").read_text()
    assert policy == f"log {key}\nquorum none\n"
    assert (publisher.repo / "trust/root.json").is_file()
    modes = {path.name: path.stat().st_mode for path in publisher.keys.iterdir()}
    assert set(modes) == {f"{role}.pem" for role in ROLES}
    assert {stat.S_IMODE(mode) for mode in modes.values()} == {0o600}
    again = publisher.init()
    assert again.status == 2
    assert b"there is a repository already" in again.err


def test_a_release_is_added_and_its_timestamp_renewed(publisher: Publisher) -> None:
    publisher.init()
    ran = publisher.run("add", publisher.source, "--json")
    assert (ran.status, ran.err) == (0, b"")
    assert ran.summary["seq"] == ran.summary["log_size"] == 1
    image = publisher.repo / "targets" / f"{ran.summary['sha256']}.rules.cwr"
    assert image.is_file()
    ran = publisher.run("refresh", "--expires", "30m")
    assert (ran.status, ran.err) == (0, b"")
    left = publisher.timestamp().expires - datetime.now(UTC)
    assert timedelta(minutes=20) < left <= timedelta(minutes=30)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--expires", "7"], "a number with s, m, h or d", id="no unit"),
        pytest.param(["--expires", "9" * 12 + "d"], "a hundred years", id="long"),
        pytest.param(["/no/such.yar"], "/no/such.yar: cannot be read", id="missing"),
        pytest.param([], "Missing argument", id="nothing"),
    ],
)
def test_wrong_use_is_one_line(
    publisher: Publisher, words: list[str], said: str
) -> None:
    publisher.init()
    if words[:1] == ["--expires"]:
        words = [str(publisher.source), *words]
    ran = publisher.run("add", *words)
    assert ran.status == 2
    assert said in ran.err.decode()
    assert ran.err.count(b"\n") == 1


def test_rules_that_do_not_compile_are_not_published(publisher: Publisher) -> None:
    publisher.init()
    before = publisher.timestamp().version
    publisher.source.write_text("rule {")
    ran = publisher.run("add", publisher.source)
    assert ran.status == 2
    assert str(publisher.source).encode() in ran.err
    assert b".making" not in ran.err
    assert publisher.timestamp().version == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--quorum", "1"], "a quorum of 1, and 0 witnesses", id="quorum"),
        pytest.param(["--witness", "http://x"], "URL=VKEY", id="witness"),
        pytest.param(["--threshold", "log=2"], "ROLE=N", id="threshold"),
        pytest.param(["--origin", "a b"], "no name of a log", id="origin"),
    ],
)
def test_what_a_repository_cannot_be_is_refused(
    publisher: Publisher, words: list[str], said: str
) -> None:
    ran = publisher.init(*words)
    assert ran.status == 2
    assert said in ran.err.decode()
    assert ran.err.count(b"\n") == 1
    assert not (publisher.repo / "metadata/timestamp.json").exists()


def test_without_a_repository_nothing_is_published(publisher: Publisher) -> None:
    ran = publisher.run("refresh")
    assert ran.status == 2
    assert b"publish init" in ran.err
