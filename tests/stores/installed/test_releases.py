"""Behaviour of the releases that are kept."""

import os
from pathlib import Path

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.stores.installed.place import Place
from clearward.stores.installed.releases import Kept, Releases


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(str(tmp_path))
    with made.alone():
        return made


@pytest.fixture
def releases(place: Place) -> Releases:
    return Releases(place)


def put(releases: Releases, seq: int) -> Kept:
    with releases.incoming() as folder:
        Path(folder, "rules.cwr").write_bytes(b"%d" % seq)
        return releases.put(folder, seq)


def test_a_release_is_in_force_when_the_link_leads_to_it(releases: Releases) -> None:
    assert releases.current() is None
    for seq in (1, 12):
        kept = put(releases, seq)
        releases.switch(kept)
        assert releases.current() == kept
        assert (kept.seq, Path(kept.image).read_bytes()) == (seq, b"%d" % seq)


def test_the_one_before_is_the_newest_that_is_older(releases: Releases) -> None:
    kept = {seq: put(releases, seq) for seq in (9, 10, 2)}
    assert releases.before(kept[10]) == kept[9]
    assert releases.before(kept[9]) == kept[2]
    assert releases.before(kept[2]) is None
    releases.forget_all_but(kept[10], kept[2], None)
    assert releases.before(kept[10]) == kept[2]


def test_what_does_not_end_well_leaves_nothing(
    place: Place, releases: Releases
) -> None:
    def write() -> None:
        with releases.incoming() as folder:
            Path(folder, "rules.cwr").write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert os.listdir(place.within("releases")) == []


def test_what_killed_ones_left_is_removed(place: Place, releases: Releases) -> None:
    for name in (".incoming-1", "other"):
        os.makedirs(place.within("releases", name))
    os.symlink("nowhere", place.within(".current-1"))
    put(releases, 1)
    assert ".incoming-1" not in os.listdir(place.within("releases"))
    assert ".current-1" not in os.listdir(place.folder)
    assert "other" in os.listdir(place.within("releases"))


@pytest.mark.parametrize(
    "leads", ["/etc", "releases/../trust", "releases/1", "releases/0.0123456789abcdef"]
)
def test_a_link_that_leads_elsewhere_is_refused(
    place: Place, releases: Releases, leads: str
) -> None:
    os.symlink(leads, place.current)
    with pytest.raises(Refused, match="leads to no release"):
        releases.current()


def test_a_file_in_the_place_of_the_link_is_refused(
    place: Place, releases: Releases
) -> None:
    Path(place.current).write_bytes(b"")
    with pytest.raises(Refused):
        releases.current()


def test_a_number_is_held(place: Place, releases: Releases) -> None:
    assert releases.held() == 0
    releases.hold(7)
    assert releases.held() == 7
    Path(place.within("held")).write_bytes(b"x")
    with pytest.raises(Refused, match="damaged"):
        releases.held()


def test_a_folder_that_cannot_be_written_is_said(
    place: Place, releases: Releases
) -> None:
    Path(place.within("releases")).write_bytes(b"")
    with pytest.raises((Unavailable, NotADirectoryError)), releases.incoming():
        pass
