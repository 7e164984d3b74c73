"""Behaviour of `clearward ledger`, as a person and a program see it."""

import hashlib
from pathlib import Path

import pytest
from support.command import Ran, clearward

from clearward.egress import payloads
from clearward.egress.ledger import Ledger

REQUESTS = ["GET /metadata/timestamp.json", "GET /evil\x1b[2J"]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(str(tmp_path / "home"))
    seq = made.open("update", "127.0.0.1:8080", REQUESTS)
    made.close(seq, 812, 9000, ["ab" * 32])
    made.open("update", "127.0.0.1:8080")
    return made


def run(ledger: Ledger, *words: str | Path) -> Ran:
    home = str(Path(ledger.path).parent)
    return clearward("ledger", *words, environment={"CLEARWARD_HOME": home})


def test_a_list_has_an_object_a_connection(ledger: Ledger) -> None:
    ran = run(ledger, "list", "--json")
    assert (ran.status, ran.err) == (0, b"")
    first, second = ran.rows
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "seq": 1,
        "reason": "update",
        "destination": "127.0.0.1:8080",
        "sent": 812,
        "received": 9000,
        "requests": REQUESTS,
        "state": "closed",
    }
    assert (second["seq"], second["sent"], second["state"]) == (2, None, "open")
    assert ran.summary == {
        "connections": 2,
        "sent": 812,
        "received": 9000,
        "damaged": 0,
    }


def test_what_was_sent_cannot_steer_a_terminal(ledger: Ledger) -> None:
    for words in (("list",), ("show", "1")):
        ran = run(ledger, *words)
        assert ran.status == 0
        assert b"\x1b" not in ran.out
        assert b"GET /evil\\x1b[2J" in ran.out


def test_one_connection_is_shown_with_its_digests(ledger: Ledger) -> None:
    ran = run(ledger, "show", "1", "--json")
    (row,) = ran.rows
    assert row["answers_sha256"] == ["ab" * 32]
    assert run(ledger, "show", "3").status == 2


def test_a_good_ledger_verifies_here_and_elsewhere(
    ledger: Ledger, tmp_path: Path
) -> None:
    ran = run(ledger, "verify", "--json")
    assert (ran.status, ran.rows) == (0, [])
    assert (ran.summary["ok"], ran.summary["records"]) == (True, 3)
    copy = tmp_path / "copy"
    assert run(ledger, "export", copy).status == 0
    key = ran.summary["key"]
    assert run(ledger, "verify", copy, "--key", key).status == 0
    assert run(ledger, "verify", tmp_path / "none").status == 2
    ran = run(ledger, "verify", "--key", "none")
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)


def test_the_first_wrong_record_is_named(ledger: Ledger) -> None:
    records = Path(ledger.path) / "records"
    records.write_bytes(records.read_bytes().replace(b'"sent":812', b'"sent":813'))
    ran = run(ledger, "verify")
    assert ran.status == 1
    assert ran.out.startswith(b"record 2 is not what was written\n")
    ran = run(ledger, "verify", "--json")
    assert (ran.status, ran.rows[0]["record"], ran.summary["wrong"]) == (1, 2, 2)
    assert b"1 damaged" in run(ledger, "list").err


def test_payloads_are_kept_shown_and_checked(ledger: Ledger) -> None:
    body = b"a question\n"
    digest = hashlib.sha256(body).hexdigest()
    assert run(ledger, "keep", "--json").summary == {"kept": False, "payloads": 0}
    assert run(ledger, "keep", "on", "--json").summary["kept"] is True
    told = payloads.told(ledger.path, body)
    ledger.open("witness", "127.0.0.1:80", ["POST /add-checkpoint"], [told])
    (row,) = run(ledger, "show", "3", "--json").rows
    assert row["bodies_kept"] == [digest]
    assert run(ledger, "payload", digest).out == body
    assert run(ledger, "verify").status == 0
    Path(ledger.path, "payloads", digest).write_bytes(b"another")
    ran = run(ledger, "verify", "--json")
    assert (ran.status, ran.rows[0]["payload"]) == (1, digest)
    for name in (digest, "0" * 64, "../key"):
        ran = run(ledger, "payload", name)
        assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)
    assert b"are not kept; 1 are there" in run(ledger, "keep", "off").out


def test_a_folder_of_payloads_that_is_none_is_one_line(ledger: Ledger) -> None:
    Path(ledger.path, "payloads").write_text("a file")
    for words in (("verify",), ("keep",), ("payload", "0" * 64)):
        ran = run(ledger, *words)
        assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)
