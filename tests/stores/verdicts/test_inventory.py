"""Behaviour of looking at the store: what it says is there, and nothing is made."""

import os
import time
from pathlib import Path

import pytest
from support.verdicts import SPACE, made, remember, remembered, store_file

from clearward.core.errors import Unavailable
from clearward.stores.verdicts.inventory import Inventory, inventory

OTHER = bytes(32)


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_nothing_is_made_by_looking(home: Path) -> None:
    assert inventory(str(home)) == Inventory()
    assert not home.exists()


def test_files_are_counted_for_each_of_the_rules(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files", 100)
    remember(home, paths)
    remember(home, paths[:7], OTHER)
    held = inventory(str(home))
    assert {one.digest: one.files for one in held.shares} == {
        SPACE.hex(): 100,
        OTHER.hex(): 7,
    }
    assert held.files == 107
    assert held.size >= store_file(home).stat().st_size
    assert remembered(home, paths) == 100


def test_the_oldest_is_as_old_as_it_is(home: Path, tmp_path: Path) -> None:
    one, other, *_ = made(tmp_path / "files")
    remember(home, [one], later=-1000)
    remember(home, [other])
    oldest = inventory(str(home)).oldest
    assert oldest is not None
    assert 1000 <= oldest < 1060
    remember(home, [one, other])  # nothing old is left
    oldest = inventory(str(home)).oldest
    assert oldest is not None
    assert oldest < 60


def test_what_has_expired_does_not_count(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths, later=-15 * 86_400)
    held = inventory(str(home))
    assert (held.files, held.oldest) == (0, None)


def test_damage_is_told(home: Path, tmp_path: Path) -> None:
    remember(home, made(tmp_path / "files"))
    store_file(home).write_bytes(os.urandom(9000))
    with pytest.raises(Unavailable, match="damaged"):
        inventory(str(home))


def test_the_last_use_is_told_to_the_day(home: Path, tmp_path: Path) -> None:
    remember(home, made(tmp_path / "files"))
    (share,) = inventory(str(home)).shares
    assert abs(share.used.timestamp() - time.time()) < 60
