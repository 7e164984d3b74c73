"""A walk through a tree that changes under it or does not let it in."""

import os
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.forked import as_ordinary_user
from support.tree import Complaints, entries, plant, told

from clearward.core.reasons import Reason
from clearward.jail.broker import OpenFile

pytestmark = pytest.mark.usefixtures("nothing_stays_open")


def test_a_walk_that_is_left_early_leaves_nothing_open(tmp_path: Path) -> None:
    plant(tmp_path, "a/b/c/d", "a/b/e", "f")
    before = descriptors()
    walk = entries(tmp_path)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    del walk
    assert descriptors() == before


@pytest.mark.parametrize("mode", [0o000, 0o100])
def test_a_folder_that_cannot_be_entered_is_complained_of_and_the_rest_goes_on(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "open/a", "closed/b")
    tmp_path.chmod(0o755)
    (tmp_path / "closed").chmod(mode)
    monkeypatch.chdir(tmp_path)

    def walk() -> tuple[list[str], list[str]]:
        complaints = Complaints()
        found = told(entries(b".", None, complaints))
        return [os.fsdecode(path) for path in found], complaints.said

    found, said = as_ordinary_user(walk)
    (tmp_path / "closed").chmod(0o755)
    assert found == ["./open/a"]
    assert [line.startswith("cannot be entered: ") for line in said] == [True]


def test_a_file_that_cannot_be_read_has_its_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "open", "closed")
    tmp_path.chmod(0o755)
    (tmp_path / "closed").chmod(0)
    monkeypatch.chdir(tmp_path)

    def walk() -> dict[str, str]:
        found = told(entries(b"."))
        return {os.fsdecode(path): said for path, said in found.items()}

    expected = {"./open": "open", "./closed": "(permission)"}
    assert as_ordinary_user(walk) == expected


def test_a_folder_moved_away_is_complained_of_and_nothing_outside_is_walked(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "tree/a/b/file", "tree/a/b/c/inner", "elsewhere/secret")
    complaints = Complaints()
    walk = entries(tmp_path / "tree", None, complaints)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    (tmp_path / "tree/a/b").rename(tmp_path / "elsewhere/b")
    inner = os.fsencode(tmp_path / "tree/a/b/c/inner")
    assert told(walk) == {inner: "tree/a/b/c/inner"}
    assert complaints.said == ["was moved meanwhile; the rest is left out"]


def test_a_folder_without_folders_may_be_moved_while_it_is_walked(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "tree/a/1", "tree/a/2", "tree/b/3", "elsewhere/secret")
    complaints = Complaints()
    walk = entries(tmp_path / "tree", None, complaints)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    folder = Path(os.fsdecode(first.path)).parent
    folder.rename(tmp_path / "elsewhere/moved")
    seen = {os.fsdecode(path)[-1] for path in (first.path, *told(walk))}
    assert seen == {"1", "2", "3"}
    assert complaints.said == []


def test_a_folder_that_became_a_link_is_not_entered(tmp_path: Path) -> None:
    plant(tmp_path, "tree/first", "tree/folder/file", "outside/secret")
    complaints = Complaints()
    walk = entries(tmp_path / "tree", None, complaints)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    (tmp_path / "tree/folder").rename(tmp_path / "moved")
    (tmp_path / "tree/folder").symlink_to(tmp_path / "outside")
    assert told(walk) == {}
    assert complaints.paths == [os.fsencode(tmp_path / "tree/folder")]


def test_a_file_that_became_a_link_has_changed(tmp_path: Path) -> None:
    plant(tmp_path, "tree/1", "tree/2", "secret")
    walk = entries(tmp_path / "tree")
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    (other,) = {"1", "2"} - {os.fsdecode(first.path)[-1:]}
    (tmp_path / "tree" / other).unlink()
    (tmp_path / "tree" / other).symlink_to(tmp_path / "secret")
    assert list(told(walk).values()) == ["(changed)"]


def test_files_that_are_removed_meanwhile_have_vanished(tmp_path: Path) -> None:
    plant(tmp_path, *map(str, range(5)))
    walk = entries(tmp_path)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    for path in tmp_path.iterdir():
        path.unlink()
    assert list(told(walk).values()) == [f"({Reason.VANISHED.word})"] * 4
