"""Behaviour of loading new rules once before they are in force."""

from pathlib import Path

import pytest
from support.repositories import Repositories
from support.updating import files

from clearward.core.errors import Refused
from clearward.installing.attempt import attempt


def test_an_image_that_loads_passes(tmp_path: Path) -> None:
    publisher = Repositories(tmp_path / "one")
    publisher.add("One")
    (path := tmp_path / "rules.cwr").write_bytes(files(publisher.folder)["rules.cwr"])
    attempt(str(path))


def test_another_file_does_not(tmp_path: Path) -> None:
    (path := tmp_path / "rules.cwr").write_bytes(b"of another version")
    with pytest.raises(Refused, match="cannot be used here"):
        attempt(str(path))
