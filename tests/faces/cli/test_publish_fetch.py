"""Behaviour of `clearward publish fetch`, as a person and a program see it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from egress.test_tls import sealed
from support.command import Ran, clearward
from support.fake_web import Came, serving
from support.scripted import Talk, scripted

SECRET = "0123456789abcdef" * 3
BAD = b"a file that is listed"
# As MalwareBazaar writes it; the digest is of our own file.
RULE = b"#" * 64
LISTED = b"\r\n".join(
    (
        RULE,
        b"# MalwareBazaar recent malware samples (SHA256 hashes)         #",
        b"# Last updated: 2026-11-24 07:00:00 UTC                        #",
        RULE,
        b"#",
        b"# sha256_hash",
        hashlib.sha256(BAD).hexdigest().encode(),
        b"# Number of entries: 1",
        b"",
    )
)


def answer(came: Came) -> tuple[int, bytes]:
    return (200, b"b" * 64 + b"\n") if "good" in came.target else (404, b"")


def listed(folder: Path, port: int) -> Path:
    path = folder / "sources.toml"
    tables = [
        f'[[source]]\nname = "{name}"\nfile = "{name}.sha256"\n'
        f'url = "http://127.0.0.1:{port}/{name}"\n'
        for name in ("good", "gone")
    ]
    path.write_text("".join(tables))
    return path


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWARD_HOME", str(tmp_path / "home"))


def test_what_can_be_fetched_is_and_the_rest_is_said(tmp_path: Path) -> None:
    with serving(answer) as (port, _):
        words = ("--into", tmp_path / "into", "--sources", listed(tmp_path, port))
        ran = clearward("publish", "fetch", *words, "--json")
    assert ran.status == 1
    assert [one["name"] for one in ran.rows] == ["good", "gone"]
    assert "status 404" in ran.rows[1]["error"]
    assert ran.summary == {"fetched": 1, "failed": 1, "skipped": 0}
    assert (tmp_path / "into/good/good.sha256").exists()
    assert b"status 404" in ran.err


def test_one_source_can_be_named(tmp_path: Path) -> None:
    with serving(answer) as (port, came):
        words = ("--into", tmp_path / "into", "--sources", listed(tmp_path, port))
        ran = clearward("publish", "fetch", *words, "good")
        assert len(came) == 1
    assert (ran.status, ran.err) == (0, b"")
    assert ran.out.startswith(b"good: 65 bytes, new")


def test_a_source_that_is_not_listed_is_one_line(tmp_path: Path) -> None:
    ran = clearward("publish", "fetch", "mine", "--into", tmp_path)
    assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)


@contextmanager
def keyed(folder: Path, *, key: str = SECRET) -> Iterator[tuple[Path, dict[str, str]]]:
    """A list with a source that needs a key; give it, and the environment."""

    def script(talk: Talk) -> None:
        line = talk.hear().split(b"\r\n")[0].decode()
        if SECRET in line:
            talk.answer(LISTED)
        else:
            talk.answer(b"", "403 Forbidden")

    context, roots = sealed(folder)
    path = folder / "keyed.toml"
    with scripted(script, tls=context) as (port, _):
        path.write_text(
            '[[source]]\nname = "recent"\nfile = "recent.sha256"\nlicence = "CC0-1.0"\n'
            f'url = "https://127.0.0.1:{port}/{{key}}/recent.txt"\nkey = "env:A_KEY"\n'
        )
        yield path, {"SSL_CERT_FILE": roots, "A_KEY": key}


def kept(folder: Path) -> bytes:
    files = [one for one in folder.rglob("*") if one.is_file()]
    return b"".join(one.read_bytes() for one in files)


def test_a_list_behind_a_key_is_fetched_and_finds(tmp_path: Path) -> None:
    into, keys = tmp_path / "into", tmp_path / "sessions.keys"
    with keyed(tmp_path) as (path, environment):
        words = ("--into", into, "--sources", path, "--json", "--tls-keys", keys)
        ran = clearward("publish", "fetch", *words, environment=environment)
    assert (ran.status, ran.summary["fetched"]) == (0, 1)
    assert "CLIENT_TRAFFIC_SECRET_0" in keys.read_text()
    assert keys.stat().st_mode & 0o777 == 0o600
    told = clearward("ledger", "list", "--json").rows[0]["requests"][0]
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    withheld = f"(withheld: 48 bytes, SHA-256 {digest})"
    assert told == f"GET /{{key}}/recent.txt {withheld}"
    assert SECRET.encode() not in kept(tmp_path) + ran.out + ran.err
    (tmp_path / "bad").write_bytes(BAD)
    found = clearward(
        "scan", "--rules", into / "recent/recent.sha256", tmp_path / "bad"
    )
    assert found.status == 1
    assert clearward("ledger", "verify").status == 0


def test_a_source_without_its_key_is_skipped_unless_it_is_named(tmp_path: Path) -> None:
    with keyed(tmp_path) as (path, _):
        words = ("--into", tmp_path / "into", "--sources", path, "--json")
        all_of_them = clearward("publish", "fetch", *words)
        named = clearward("publish", "fetch", "recent", *words)
    assert (all_of_them.status, all_of_them.summary["skipped"]) == (0, 1)
    assert all_of_them.err == b"clearward: recent: skipped: A_KEY is not set\n"
    assert (named.status, named.summary["failed"]) == (1, 1)
    assert named.err == b"clearward: recent: A_KEY is not set: it has the key\n"


def test_a_key_that_is_not_taken_is_one_line_without_it(tmp_path: Path) -> None:
    with keyed(tmp_path, key="f" * 40) as (path, environment):
        words = ("--into", tmp_path / "into", "--sources", path)
        ran = clearward("publish", "fetch", *words, environment=environment)
    assert (ran.status, ran.err.count(b"\n")) == (1, 1)
    assert b"GET /{key}/recent.txt: status 403" in ran.err
    assert b"f" * 40 not in ran.err + ran.out + kept(tmp_path)


def shown(path: Path, environment: dict[str, str], *words: str) -> Ran:
    words = ("--list", "--sources", str(path), *words)
    return clearward("publish", "fetch", *words, environment=environment)


def test_what_there_is_can_be_shown_without_fetching(tmp_path: Path) -> None:
    with keyed(tmp_path) as (path, environment):
        ran = shown(path, environment)
        rows = [shown(path, one, "--json").rows[0] for one in (environment, {})]
    assert ran.status == 0
    assert ran.out.splitlines()[1].split()[:5] == [
        *(b"recent", b"CC0-1.0", b"A_KEY", b"is", b"set"),
    ]
    assert [(one["key"], one["variable"]) for one in rows] == [
        *(("set", "A_KEY"), ("missing", "A_KEY")),
    ]
    assert SECRET not in json.dumps(rows) + ran.out.decode()
    assert not (tmp_path / "home").exists()


def test_where_to_is_needed_to_fetch() -> None:
    ran = clearward("publish", "fetch")
    assert (ran.status, ran.out) == (2, b"")
    assert b"--into" in ran.err
