"""Behaviour of the folder of the ledger."""

import stat
from pathlib import Path

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.egress import folder
from clearward.egress.ledger import Ledger


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    first = folder.key(str(tmp_path)).private_bytes_raw()
    assert folder.key(str(tmp_path)).private_bytes_raw() == first
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_the_public_key_is_made_again(tmp_path: Path) -> None:
    folder.key(str(tmp_path))
    before = folder.public_key(str(tmp_path))
    (tmp_path / "key.pub").unlink()
    folder.key(str(tmp_path))
    assert folder.public_key(str(tmp_path)) == before


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    folder.key(str(tmp_path))
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(Refused, match="0600"):
        folder.key(str(tmp_path))


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(Refused, match="no key"):
        folder.key(str(tmp_path))


def test_a_folder_that_others_may_use_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "home/ledger"
    folder.make(str(place))
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    place.chmod(0o750)
    with pytest.raises(Refused, match="0700"):
        folder.make(str(place))


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "head").symlink_to("/etc/passwd")
    with pytest.raises(Unavailable):
        folder.read(str(tmp_path), "head")


@pytest.mark.parametrize("left", [folder.PUBLIC, folder.HEAD])
def test_a_key_that_is_gone_is_not_made_anew(tmp_path: Path, left: str) -> None:
    """Another one, and its public half in the place of the old, would hide the loss."""
    home = str(tmp_path)
    Ledger(home).open("update", "127.0.0.1:80")
    path = tmp_path / folder.NAME
    for name in {folder.KEY, folder.PUBLIC, folder.HEAD} - {left}:
        (path / name).unlink()
    before = (path / left).read_bytes()
    with pytest.raises(Refused, match="missing"):
        Ledger(home).open("update", "127.0.0.1:80")
    assert (path / left).read_bytes() == before
    assert not (path / folder.KEY).exists()
