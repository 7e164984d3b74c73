"""Keys of reviewers and what they sign."""

import stat
from pathlib import Path

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.linting.findings import Finding, Linted
from clearward.linting.reviewing import make_key, read_key, sign, uncovered

SOURCE = "ab" * 32
MARKING = Finding("spy", "a.yar", "marking", "NOFORN", SOURCE)
WORDS = Finding("spy", "a.yar", "document-words", "x", SOURCE)
OTHER = Finding("other", "a.yar", "probe", "x", SOURCE)
LINTED = Linted(3, (MARKING, WORDS, OTHER))


def test_a_key_is_for_its_owner_alone_and_is_read_again(tmp_path: Path) -> None:
    path = str(tmp_path / "key.pem")
    public = make_key(path, "anna")
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    assert read_key(path, "anna").public == public


def test_a_key_is_not_replaced(tmp_path: Path) -> None:
    path = str(tmp_path / "key.pem")
    make_key(path, "anna")
    with pytest.raises(Refused):
        make_key(path, "anna")


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_some_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        make_key(str(tmp_path / "key.pem"), name)


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        make_key(str(tmp_path / "no" / "key.pem"), "anna")
    with pytest.raises(Refused):
        read_key(str(tmp_path / "no.pem"), "anna")


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(b"no key")
    with pytest.raises(Refused):
        read_key(str(tmp_path / "key.pem"), "anna")


def test_what_was_signed_does_not_block_any_more(tmp_path: Path) -> None:
    public = make_key(str(tmp_path / "key.pem"), "anna")
    signer = read_key(str(tmp_path / "key.pem"), "anna")
    sign([MARKING], signer, str(tmp_path / "record"))
    record = (tmp_path / "record").read_bytes()
    assert uncovered(LINTED, [record], [public]) == [OTHER]
    assert uncovered(LINTED, [], [public]) == [MARKING, OTHER]


def test_nothing_is_nothing_to_sign(tmp_path: Path) -> None:
    make_key(str(tmp_path / "key.pem"), "anna")
    signer = read_key(str(tmp_path / "key.pem"), "anna")
    with pytest.raises(Refused):
        sign([], signer, str(tmp_path / "record"))


def test_only_markings_and_matches_block() -> None:
    assert LINTED.blocking == (MARKING, OTHER)
    assert LINTED.flagged == 2
