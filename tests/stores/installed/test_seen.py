"""Behaviour of the last checkpoint of each log."""

from pathlib import Path

import pytest
from support.witnessing import ORIGIN, numbered

from clearward.core.errors import Refused
from clearward.stores.installed import seen
from clearward.stores.installed.place import Place


def test_the_last_one_of_each_log_is_kept(tmp_path: Path) -> None:
    place, log = Place(str(tmp_path)), numbered(5)
    assert seen.read(place, ORIGIN) is None
    for size in (2, 5):
        seen.keep(place, ORIGIN, log.note(size).to_bytes())
        assert seen.read(place, ORIGIN) == log.head(size)
    assert seen.read(place, "another") is None


@pytest.mark.parametrize("data", [b"", b"half a note", numbered(2).note(1).to_bytes()])
def test_what_is_damaged_is_not_passed_over(tmp_path: Path, data: bytes) -> None:
    place = Place(str(tmp_path))
    name = "another" if data.startswith(b"log.example") else ORIGIN
    seen.keep(place, name, data)
    with pytest.raises(Refused, match="remove it to begin anew"):
        seen.read(place, name)
