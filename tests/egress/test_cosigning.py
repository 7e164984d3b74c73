"""Behaviour of asking witnesses to cosign the ledger."""

import shutil
from pathlib import Path

import pytest
from support.cosigning import NOW, Seen, cosigned_by, filled
from support.doors import told
from support.scripted import Script, Talk, scripted

from clearward.core.errors import Refused
from clearward.egress import cosigned
from clearward.egress.cosigned import log_key
from clearward.egress.cosigning import cosign, door
from clearward.egress.folder import public_key
from clearward.egress.ledger import Ledger
from clearward.egress.witnesses import Witness
from clearward.updates.keys import Kind


def head(home: Path, seen: Seen) -> cosigned.Cosigned | None:
    path = str(home / "ledger")
    return cosigned.read(path, log_key(public_key(path)), seen.signer.public)


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_ML_DSA_44])
def test_heads_are_cosigned_one_behind_the_other(tmp_path: Path, kind: Kind) -> None:
    seen = Seen(kind)
    sizes = []
    for count in (1, 4, 8):
        filled(tmp_path, count)
        outcome = cosigned_by(seen, tmp_path)
        assert not outcome.why
        sizes.append(outcome.size)
    # Each request is two records, and the next head covers them.
    assert sizes == [1, 1 + 2 + 4, 7 + 2 + 8]
    found = head(tmp_path, seen)
    assert found is not None
    assert (found.size, found.time) == (17, NOW)
    assert [one.split(b"\n")[0] for one in seen.bodies] == [
        b"old 0",
        b"old 1",
        b"old 7",
    ]
    assert [one.opened.reason for one in told(tmp_path)].count("witness") == 3


def test_nothing_of_the_records_is_sent(tmp_path: Path) -> None:
    seen = Seen()
    filled(tmp_path, 3)
    cosigned_by(seen, tmp_path)
    filled(tmp_path, 3)
    cosigned_by(seen, tmp_path)
    for body in seen.bodies:
        first, *lines = body.decode().split("\n")
        assert first.startswith("old ")
        assert all(len(line) == 44 for line in lines[: lines.index("")])
        origin, size, root = lines[lines.index("") + 1 :][:3]
        assert origin.startswith("clearward/ledger/")
        assert size.isdecimal()
        assert len(root) == 44


def test_a_witness_that_knows_less_is_asked_from_there(tmp_path: Path) -> None:
    seen = Seen()
    filled(tmp_path, 3)
    cosigned_by(seen, tmp_path)
    first = seen.last
    filled(tmp_path, 3)
    cosigned_by(seen, tmp_path)
    seen.last = first  # as from a copy that was put back
    outcome = cosigned_by(seen, tmp_path)
    assert not outcome.why
    assert seen.bodies[-1].startswith(b"old 3\n")


def test_an_older_ledger_in_the_place_of_a_newer_one_is_seen(tmp_path: Path) -> None:
    seen = Seen()
    home = tmp_path / "home"
    filled(home, 2)
    shutil.copytree(home, tmp_path / "older")
    filled(home, 8)
    assert not cosigned_by(seen, home).why
    shutil.rmtree(home)
    (tmp_path / "older").rename(home)
    outcome = cosigned_by(seen, home)
    assert outcome.forked
    assert "it has cosigned 10 records, and there are 2" in outcome.why


def test_another_past_is_seen_by_the_witness(tmp_path: Path) -> None:
    seen = Seen()
    home = tmp_path / "home"
    filled(home, 2)
    shutil.copytree(home, tmp_path / "older")
    filled(home, 2)
    assert not cosigned_by(seen, home).why
    shutil.rmtree(home)
    (tmp_path / "older").rename(home)
    filled(home, 9)
    outcome = cosigned_by(seen, home)
    assert outcome.forked
    assert "it answers 422" in outcome.why


def test_another_past_is_not_even_sent(tmp_path: Path) -> None:
    seen = Seen()
    home = tmp_path / "home"
    filled(home, 2)
    shutil.copytree(home, tmp_path / "older")
    filled(home, 2)
    assert not cosigned_by(seen, home).why
    kept = (home / "ledger" / cosigned.file_name(seen.signer.public)).read_bytes()
    shutil.rmtree(home)
    (tmp_path / "older").rename(home)
    filled(home, 9)
    (home / "ledger" / cosigned.file_name(seen.signer.public)).write_bytes(kept)
    asked = len(seen.bodies)
    outcome = cosigned_by(seen, home)
    assert outcome.forked
    assert "are not those that it cosigned" in outcome.why
    assert len(seen.bodies) == asked


def test_a_signature_of_somebody_else_is_none(tmp_path: Path) -> None:
    seen, other = Seen(), Seen()
    filled(tmp_path, 1)
    with scripted(other.script(tmp_path)) as (port, _):
        witness = Witness(f"http://127.0.0.1:{port}", seen.signer.public)
        (outcome,) = cosign(door(Ledger(str(tmp_path)), [witness]), [witness])
    assert "not signed by witness.example" in outcome.why
    assert not outcome.forked
    assert head(tmp_path, seen) is None


def saying(status: str, body: bytes) -> Script:
    def script(talk: Talk) -> None:
        talk.hear()
        talk.answer(body, status, "Content-Type: text/plain")

    return script


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b""),
        ("200 OK", b"\xff\n"),
        ("200 OK", b"old\n\nmore\n"),
        ("404 No", b"not watched\x1b[2J"),
        ("500 No", b""),
    ],
)
def test_any_other_answer_is_no_signature(
    tmp_path: Path, status: str, body: bytes
) -> None:
    seen = Seen()
    filled(tmp_path, 1)
    outcome = cosigned_by(seen, tmp_path, lambda _: saying(status, body))
    assert outcome.why
    assert not outcome.forked
    assert head(tmp_path, seen) is None


def test_an_empty_ledger_is_not_offered(tmp_path: Path) -> None:
    witness = Witness("http://127.0.0.1:1", Seen().signer.public)
    assert cosign(door(Ledger(str(tmp_path)), [witness]), [witness]) == []


def test_a_damaged_ledger_is_not_offered(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    records = tmp_path / "ledger/records"
    records.write_bytes(records.read_bytes().replace(b"GET /a", b"GET /b", 1))
    witness = Witness("http://127.0.0.1:1", Seen().signer.public)
    with pytest.raises(Refused, match="damaged"):
        cosign(door(Ledger(str(tmp_path)), [witness]), [witness])
