"""Behaviour of the place of installed rules."""

from pathlib import Path

import pytest

from clearward.core.errors import Unavailable
from clearward.stores.installed.place import Place


def test_the_link_is_what_changes(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    assert place.current == str(tmp_path / "rules" / "current")
    assert place.within("trust", "policy") == str(tmp_path / "rules/trust/policy")


def test_who_is_alone_keeps_others_out(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "new" / "home"))
    with place.alone(), pytest.raises(Unavailable, match="another"), place.alone():
        pass
    with place.alone():
        pass


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable), Place(str(tmp_path / "file")).alone():
        pass
