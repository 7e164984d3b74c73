"""Behaviour of the folder that is published."""

from pathlib import Path

import pytest

from clearward.publishing.repository import Repository, make_folder


def test_a_repository_may_be_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Repository("repo").write("log/tile/0/000", b"x")
    assert (tmp_path / "repo/log/tile/0/000").read_bytes() == b"x"


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    make_folder(str(tmp_path / "a/b"))
    (tmp_path / "a/b/kept").touch()
    make_folder(str(tmp_path / "a/b"))
    assert (tmp_path / "a/b/kept").exists()
