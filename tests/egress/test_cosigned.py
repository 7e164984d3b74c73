"""Behaviour of comparing a ledger with what witnesses have signed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cosigning import Seen, cosigned_by, filled
from support.signing import Signer

from clearward.core.errors import Malformed
from clearward.egress import cosigned
from clearward.egress.cosigned import Standing, file_name, log_key, standing
from clearward.egress.folder import public_key
from clearward.updates.keys import Kind
from clearward.updates.signatures import Unsigned

LOG = log_key(Signer("any", Kind.ED25519).public)
WITNESS = Signer("w", Kind.COSIGNATURE_ED25519).public


def stood(home: Path, seen: Seen) -> Standing:
    path = str(home / "ledger")
    (one,) = standing(path, public_key(path), [seen.signer.public])
    return one


def test_what_was_cosigned_is_a_beginning_of_what_there_is(tmp_path: Path) -> None:
    seen = Seen()
    filled(tmp_path, 5)
    assert stood(tmp_path, seen).head is None
    cosigned_by(seen, tmp_path)
    filled(tmp_path, 3)
    one = stood(tmp_path, seen)
    assert (one.why, one.head and one.head.size) == ("", 5)


def test_a_changed_record_is_seen(tmp_path: Path) -> None:
    seen = Seen()
    filled(tmp_path, 5)
    cosigned_by(seen, tmp_path)
    records = tmp_path / "ledger/records"
    records.write_bytes(records.read_bytes().replace(b"GET /a", b"GET /b", 1))
    assert "not those that it cosigned" in stood(tmp_path, seen).why


def test_missing_records_are_seen(tmp_path: Path) -> None:
    seen = Seen()
    filled(tmp_path, 5)
    cosigned_by(seen, tmp_path)
    records = tmp_path / "ledger/records"
    records.write_bytes(b"".join(records.read_bytes().splitlines(keepends=True)[:3]))
    assert stood(tmp_path, seen).why == "records are missing: it cosigned 5"
    records.unlink()
    assert stood(tmp_path, seen).why == "records are missing: it cosigned 5"


def test_a_changed_signature_is_seen(tmp_path: Path) -> None:
    seen = Seen()
    filled(tmp_path, 5)
    cosigned_by(seen, tmp_path)
    file = tmp_path / "ledger" / file_name(seen.signer.public)
    file.write_bytes(file.read_bytes().replace(b"\n5\n", b"\n4\n"))
    assert "is not good" in stood(tmp_path, seen).why


def test_a_head_of_another_ledger_is_none(tmp_path: Path) -> None:
    seen = Seen()
    for home in (tmp_path / "a", tmp_path / "b"):
        filled(home, 1)
        seen.last = None
        cosigned_by(seen, home)
    name = file_name(seen.signer.public)
    (tmp_path / "a/ledger" / name).replace(tmp_path / "b/ledger" / name)
    assert "is not good" in stood(tmp_path / "b", seen).why


def test_ledgers_have_names_of_their_own() -> None:
    other = log_key(Signer("any", Kind.ED25519).public)
    assert other.name != LOG.name


@given(st.binary(max_size=300))
def test_any_bytes_are_a_head_or_none(data: bytes) -> None:
    with pytest.raises((Malformed, Unsigned)):
        cosigned.parse(data, LOG, WITNESS)
