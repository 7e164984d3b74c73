"""Behaviour of the store's folder: nothing that others could write is trusted."""

import os
import stat
from pathlib import Path

import pytest

from clearward.core.errors import Unavailable
from clearward.stores.verdicts.block import Spoiled
from clearward.stores.verdicts.place import FIRST_LINE, Place


@pytest.fixture(name="key")
def fixture_key(tmp_path: Path) -> Path:
    """A key that was made."""
    Place(str(tmp_path)).make(instead=False)
    return tmp_path / "verdicts/key"


def test_there_is_no_store_at_first(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "home"))
    assert (place.key(), place.mark(), place.exists()) == (None, (0, 0), False)
    assert not os.listdir(tmp_path)


def test_what_is_made_is_ours_alone(key: Path) -> None:
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert os.listdir(key.parent) == ["key"]


def test_the_key_is_read_again(key: Path) -> None:
    place = Place(str(key.parents[1]))
    one, other = place.key(), place.make(instead=False)
    assert one == other
    assert one is not None
    assert one.mark == place.mark()
    assert Path(one.database).parent == key.parent


def test_a_new_store_has_another_secret_and_another_name(key: Path) -> None:
    place = Place(str(key.parents[1]))
    before = place.key()
    assert before is not None
    Path(before.database).write_bytes(b"old")
    Path(before.database + "-journal").write_bytes(b"old")
    after = place.make(instead=True)
    assert after.secret != before.secret
    assert after.database != before.database
    assert os.listdir(key.parent) == ["key"]


def test_keys_that_were_never_finished_are_swept_away(key: Path) -> None:
    folder = key.parent
    (folder / "0123456789abcdef.partial").touch()
    os.utime(folder / "0123456789abcdef.partial", (0, 0))
    (folder / "fedcba9876543210.partial").touch()  # somebody may be writing it
    Place(str(key.parents[1])).make(instead=True)
    assert sorted(os.listdir(folder)) == ["fedcba9876543210.partial", "key"]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o602])
def test_a_key_that_others_may_know_is_not_used(mode: int, key: Path) -> None:
    key.chmod(mode)
    with pytest.raises(Spoiled):
        Place(str(key.parents[1])).key()


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_that_others_may_write_is_not_used_until_it_is_made_anew(
    mode: int, key: Path
) -> None:
    place = Place(str(key.parents[1]))
    before = place.key()
    key.parent.chmod(mode)
    with pytest.raises(Spoiled):
        place.key()
    assert place.make(instead=True) != before
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        FIRST_LINE,
        FIRST_LINE + bytes(31) + b"0123456789abcdef",
        FIRST_LINE + bytes(33) + b"0123456789abcdef",
        FIRST_LINE + bytes(32) + b"../../etc/passwd",
        FIRST_LINE + bytes(32) + b"0123456789ABCDEF",
        b"clearward verdicts 2\n" + bytes(32) + b"0123456789abcdef",
    ],
)
def test_a_key_that_is_none_is_not_used(content: bytes, key: Path) -> None:
    key.write_bytes(content)
    with pytest.raises(Spoiled):
        Place(str(key.parents[1])).key()


def test_a_fifo_in_place_of_the_key_is_not_waited_for(key: Path) -> None:
    key.unlink()
    os.mkfifo(key, 0o600)
    with pytest.raises(Spoiled):
        Place(str(key.parents[1])).key()


def test_links_are_not_followed(key: Path, tmp_path: Path) -> None:
    key.rename(tmp_path / "elsewhere")
    key.symlink_to(tmp_path / "elsewhere")
    place = Place(str(tmp_path))
    with pytest.raises(OSError, match="symbolic"):
        place.key()
    key.parent.rename(tmp_path / "moved")
    key.parent.symlink_to(tmp_path / "moved")
    with pytest.raises(OSError, match="directory"):
        place.key()


@pytest.mark.parametrize("path", ["verdicts", "verdicts/key"])
def test_what_belongs_to_somebody_else_is_not_used(path: str, key: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give files away")
    home = key.parents[1]
    os.chown(home / path, 12345, 12345)
    with pytest.raises((Spoiled, Unavailable)):
        Place(str(home)).key()
