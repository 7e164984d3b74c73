"""Bodies are kept, if that is wanted, before they leave."""

import hashlib
import os
from pathlib import Path

import pytest
from support.doors import ask, door, here, plain, told
from support.scripted import scripted

from clearward.core.errors import Unavailable
from clearward.egress import payloads
from clearward.egress.export import export
from clearward.egress.ledger import Ledger
from clearward.egress.request import Reason, Request

BODY = b"old 3\n\nwhat a witness is asked"
QUESTION = Request("POST", "/add-checkpoint", BODY, "text/plain")
DIGEST = hashlib.sha256(BODY).hexdigest()


def path(home: Path) -> str:
    return Ledger(str(home)).path


def test_nothing_is_kept_unless_it_is_wanted(tmp_path: Path) -> None:
    with scripted(plain) as (port, _):
        ask(door(tmp_path, port), port, QUESTION)
    (record,) = told(tmp_path)
    assert record.bodies == [DIGEST]
    assert payloads.names(path(tmp_path)) == []


def test_what_is_sent_is_kept_as_it_was(tmp_path: Path) -> None:
    payloads.switch(path(tmp_path), on=True)
    with scripted(plain, plain) as (port, talks):
        for _ in range(2):
            ask(door(tmp_path, port), port, QUESTION)
    assert talks[0].heads
    assert payloads.names(path(tmp_path)) == [DIGEST]
    assert payloads.read(path(tmp_path), DIGEST) == BODY
    place = Path(path(tmp_path), "payloads", DIGEST)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    payloads.switch(path(tmp_path), on=False)
    assert payloads.kept(path(tmp_path), [DIGEST, "0" * 64]) == [DIGEST]


def test_what_cannot_be_kept_is_not_sent(tmp_path: Path) -> None:
    payloads.switch(path(tmp_path), on=True)
    Path(path(tmp_path), "payloads").write_text("in the way")
    with scripted(plain) as (port, talks):
        to_there = here(port)
        with (
            pytest.raises(Unavailable),
            door(tmp_path, port).connection(to_there, Reason.WITNESS, seconds=10) as to,
        ):
            to.ask(QUESTION, most=9)
        assert not any(talk.heads for talk in talks)
    assert told(tmp_path) == []


def test_a_body_that_was_changed_is_named_and_written_again(tmp_path: Path) -> None:
    ledger = path(tmp_path)
    payloads.switch(ledger, on=True)
    payloads.told(ledger, BODY)
    Path(ledger, "payloads", DIGEST).write_bytes(b"something else")
    assert list(payloads.wrong(ledger)) == [DIGEST]
    payloads.told(ledger, BODY)
    assert list(payloads.wrong(ledger)) == []


def test_an_export_has_them(tmp_path: Path) -> None:
    payloads.switch(path(tmp_path), on=True)
    with scripted(plain) as (port, _):
        ask(door(tmp_path, port), port, QUESTION)
    export(path(tmp_path), str(tmp_path / "copy"))
    assert payloads.read(str(tmp_path / "copy"), DIGEST) == BODY
    assert "keep-payloads" not in os.listdir(tmp_path / "copy")
