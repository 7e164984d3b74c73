"""Behaviour of removing old releases."""

import shutil
from pathlib import Path

import pytest
from support.large_releases import add_large
from support.repositories import Repositories
from support.updating import Machine

from clearward.core.errors import Refused
from clearward.publishing.logged import release
from clearward.publishing.pruning import Unneeded, prune, unneeded
from clearward.publishing.repository import Repository


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    return Repositories(tmp_path / "one")


def names(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def pruned(publisher: Repositories, keep: int) -> list[str]:
    repository = Repository(str(publisher.folder))
    gone: list[Unneeded] = []
    prune(repository, unneeded(repository, keep), gone.append)
    return [one.name for one in gone]


def test_nothing_goes_as_long_as_there_are_few(publisher: Repositories) -> None:
    assert pruned(publisher, 2) == []
    for name in ("One", "Two"):
        publisher.add(name)
    publisher.refresh()
    assert pruned(publisher, 2) == []


def test_old_releases_go_and_nothing_of_the_newest(
    publisher: Repositories, tmp_path: Path
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    for name in ("One", "Two", "Three", "Four"):
        publisher.add(name)
    before = names(publisher.folder)
    gone = pruned(publisher, 2)
    assert before - names(publisher.folder) == set(gone)
    assert sum(name.endswith(".rules.cwr") for name in gone) == 2
    assert not [name for name in gone if name.endswith(".rules.src.tar")]
    assert {"metadata/1.targets.json", "metadata/1.snapshot.json"} <= set(gone)
    assert machine.update(publisher.folder).release.seq == 4
    assert pruned(publisher, 2) == []


def test_the_log_the_roots_the_sources_and_the_trust_folder_stay(
    publisher: Repositories,
) -> None:
    for name in ("One", "Two", "Three"):
        publisher.add(name)
    gone = pruned(publisher, 2)
    assert gone
    assert not [one for one in gone if one.startswith(("log/", "trust/"))]
    assert not [one for one in gone if "root" in one or "timestamp" in one]
    for number in (1, 2, 3):
        found = release(Repository(str(publisher.folder)), number)
        assert (publisher.folder / f"targets/{found.source}.rules.src.tar").exists()


def test_an_update_that_began_before_can_go_on(
    publisher: Repositories, tmp_path: Path
) -> None:
    publisher.add("One")
    publisher.add("Two")
    timestamp = (publisher.folder / "metadata" / "timestamp.json").read_bytes()
    publisher.add("Three")
    pruned(publisher, 2)
    (publisher.folder / "metadata" / "timestamp.json").write_bytes(timestamp)
    machine = Machine(tmp_path / "home", publisher.trust)
    assert machine.update(publisher.folder).release.seq == 2


def test_pieces_go_that_no_release_has(publisher: Repositories, tmp_path: Path) -> None:
    for number in range(3):
        add_large(publisher, f"word {number}")
    gone = pruned(publisher, 2)
    assert [one for one in gone if one.startswith("targets/pieces/")]
    machine = Machine(tmp_path / "home", publisher.trust)
    assert machine.update(publisher.folder).release.seq == 3


def test_what_is_not_ours_stays(publisher: Repositories) -> None:
    for name in ("One", "Two", "Three"):
        publisher.add(name)
    for name in ("targets/notes.txt", "metadata/index.html", "targets/pieces/README"):
        path = publisher.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    pruned(publisher, 2)
    assert (publisher.folder / "targets" / "notes.txt").exists()
    assert (publisher.folder / "metadata" / "index.html").exists()
    assert (publisher.folder / "targets" / "pieces" / "README").exists()


def test_who_was_stopped_in_between_goes_on(
    publisher: Repositories, tmp_path: Path
) -> None:
    for name in ("One", "Two", "Three", "Four"):
        publisher.add(name)
    repository = Repository(str(publisher.folder))
    found = unneeded(repository, 2)
    for stop in range(len(found)):
        copy = publisher.cloned(tmp_path / str(stop))
        place = Repository(str(copy.folder))
        prune(place, found[:stop], lambda _: None)
        machine = Machine(tmp_path / f"home {stop}", copy.trust)
        assert machine.update(copy.folder).release.seq == 4
        assert {one.name for one in unneeded(place, 2)} == {
            one.name for one in found[stop:]
        }
        shutil.rmtree(copy.folder)


def test_a_folder_that_is_no_repository_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / f"{'a' * 64}.rules.cwr").write_text("x")
    with pytest.raises(Refused):
        unneeded(Repository(str(tmp_path)), 2)
