"""A store that is damaged in random places: it may forget, and nothing else."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.alarm import no_longer_than
from support.verdicts import made, remember, remembered, store_file

from clearward.stores.verdicts.table import DAY

# Of each of four ways; 250 of each were tried for docs/decisions/0023.
DAMAGES = int(os.environ.get("CLEARWARD_DAMAGES", "40"))


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def flipped(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def flipped_where_it_hurts(data: bytearray, chance: random.Random) -> None:
    """Heads of pages, and the page that says what the tables are."""
    for _ in range(8):
        page = chance.randrange(len(data) // 4096) * 4096 * chance.randrange(2)
        data[page + chance.randrange(120)] ^= 1 << chance.randrange(8)


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def overwritten(data: bytearray, chance: random.Random) -> None:
    page = chance.randrange(len(data) // 4096) * 4096
    data[page : page + 4096] = chance.randbytes(4096)


@pytest.mark.parametrize("damage", [flipped, flipped_where_it_hurts, cut, overwritten])
def test_damage_only_forgets(
    damage: Callable[[bytearray, random.Random], None], home: Path, tmp_path: Path
) -> None:
    clean = made(tmp_path / "clean", 300)
    others = made(tmp_path / "others", 50)
    remember(home, clean)
    kept = tmp_path / "kept"
    shutil.copytree(home, kept)
    chance = random.Random(damage.__name__)  # noqa: S311 - the same each time
    for _ in range(DAMAGES):
        shutil.rmtree(home)
        shutil.copytree(kept, home)
        place = store_file(home)
        data = bytearray(place.read_bytes())
        damage(data, chance)
        place.write_bytes(data)
        with no_longer_than(10):
            assert remembered(home, others) == 0
            remember(home, others)
            assert remembered(home, others) <= len(others)
            assert remembered(home, clean) <= len(clean)
            # Once a day the store is looked at as a whole.
            remember(home, others, later=DAY)
            assert remembered(home, others, later=DAY) == len(others)


def test_a_key_with_a_flipped_bit_only_forgets(home: Path, tmp_path: Path) -> None:
    paths = made(tmp_path / "files")
    remember(home, paths)
    key = home / "verdicts/key"
    good = key.read_bytes()
    for place in range(0, len(good) * 8, 5):
        data = bytearray(good)
        data[place // 8] ^= 1 << place % 8
        key.write_bytes(data)
        assert remembered(home, paths) == 0
        remember(home, paths)
        assert remembered(home, paths) == len(paths)
