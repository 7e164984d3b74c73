"""Behaviour of the list of witnesses of a ledger."""

from pathlib import Path

import pytest
from support.signing import Signer

from clearward.core.errors import Refused
from clearward.egress import witnesses
from clearward.egress.witnesses import Witness
from clearward.updates.keys import Kind

KEY = str(Signer("witness.example", Kind.COSIGNATURE_ED25519).public)
OTHER = str(Signer("other.example", Kind.COSIGNATURE_ML_DSA_44).public)


def test_witnesses_are_kept_in_their_order(tmp_path: Path) -> None:
    path = str(tmp_path / "ledger")
    assert witnesses.known(path) == []
    added = [Witness.of("http://a:1", KEY), Witness.of("https://b/c/", OTHER)]
    for one in added:
        witnesses.add(path, one)
    assert witnesses.known(path) == added
    assert witnesses.remove(path, "witness.example") == added[0]
    assert witnesses.known(path) == added[1:]


def test_a_key_has_one_address(tmp_path: Path) -> None:
    path = str(tmp_path / "ledger")
    for url in ("http://a:1", "http://b:2"):
        witnesses.add(path, Witness.of(url, KEY))
    assert [one.url for one in witnesses.known(path)] == ["http://b:2"]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("ftp://a", KEY),
        ("http://u:p@a", KEY),
        ("http://a b", KEY),
        ("http://a", "key"),
        ("http://a", str(Signer("log.example", Kind.ED25519).public)),
    ],
    # The keys are other ones in every process.
    ids=["no web", "a password", "no host", "no key", "the key of a log"],
)
def test_what_is_no_witness_is_refused(url: str, key: str) -> None:
    with pytest.raises(Refused):
        Witness.of(url, key)


def test_who_is_not_there_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="0 witnesses"):
        witnesses.remove(str(tmp_path / "ledger"), "nobody")


def test_a_damaged_file_is_no_empty_one(tmp_path: Path) -> None:
    (tmp_path / "witnesses").write_bytes(b"http://a\xff\n")
    with pytest.raises(Refused, match="no address and key"):
        witnesses.known(str(tmp_path))
