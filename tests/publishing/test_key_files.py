"""Keys in files are made for their owner only; those in variables are only read."""

from pathlib import Path

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.publishing.key_files import KeysFolder, KeysInEnvironment, read_file
from clearward.publishing.keys import make_keys


def test_keys_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    keys = KeysFolder(str(tmp_path / "keys"))
    make_keys(keys, "root", 2)
    first = [one.public for one in keys.find("root")]
    make_keys(keys, "root", 3)
    after = [one.public for one in keys.find("root")]
    assert after[:2] == first
    assert len(after) == 3
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


def test_a_key_takes_the_place_of_another(tmp_path: Path) -> None:
    keys = KeysFolder(str(tmp_path))
    make_keys(keys, "root")
    keys.make("root.new")
    new = keys.get("root.new")
    keys.rename("root.new", "root")
    assert len(keys.find("root")) == 1
    assert new is not None
    assert keys.find("root")[0].public == new.public
    assert keys.get("root.new") is None
    with pytest.raises(Unavailable, match=r"root\.pem: No such file"):
        keys.rename("root.new", "root")


def test_variables_are_read_and_never_made(tmp_path: Path) -> None:
    folder = KeysFolder(str(tmp_path))
    make_keys(folder, "targets", 2)
    keys = KeysInEnvironment(
        "KEY",
        {
            "KEY_TARGETS": (tmp_path / "targets.pem").read_text(),
            "KEY_TARGETS_2": (tmp_path / "targets-2.pem").read_text(),
        },
    )
    publics = [one.public for one in folder.find("targets")]
    assert [one.public for one in keys.find("targets")] == publics
    make_keys(keys, "targets", 2)  # they are there
    with pytest.raises(Refused, match="keys are made in a folder or a token"):
        keys.make("root")
    with pytest.raises(Refused, match="keys are made in a folder or a token"):
        keys.rename("targets", "root")


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused, match=r"none\.pem: cannot be read"):
        read_file("none.pem")
