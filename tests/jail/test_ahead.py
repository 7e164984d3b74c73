"""Behaviour of folders that are opened and listed before their turn."""

import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.tree import Complaints, plant

from clearward.jail import ahead
from clearward.jail.ahead import PLACES, Ahead, Level, enter
from clearward.jail.broker import OpenFile
from clearward.jail.known import Known
from clearward.jail.listing import list_folder
from clearward.jail.tree import Choice, Walk

pytestmark = pytest.mark.usefixtures("nothing_stays_open")


class Nothing:
    """A store that knows nothing."""

    def known(self, device: int, blocks: Collection[int]) -> Mapping[bytes, int]:
        del device, blocks
        return {}


def walked(path: Path) -> tuple[list[bytes], list[str]]:
    """Every file in order, and what was complained of."""
    before = len(descriptors())
    complaints = Complaints()
    known = Known(Nothing(), lambda _: None)
    known.trusts = lambda *_: True
    paths = []
    for entry in Walk(Choice(), complaints, known).entries(os.fsencode(path)):
        if isinstance(entry, OpenFile):
            entry.close()
        paths.append(entry.path)
        assert len(descriptors()) <= before + PLACES + 4
    known.close()
    return paths, complaints.said


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path, os.O_RDONLY)
    yield opened
    os.close(opened)


def level(path: Path) -> Level:
    names = sorted(os.fsencode(one.name) for one in path.iterdir())
    return Level(names, path.stat().st_dev)


def test_the_order_is_that_of_a_walk_that_opens_nothing_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(
        tmp_path, *(f"{a}/{b}/{c}/f" for a in range(6) for b in range(9) for c in "xy")
    )
    plant(tmp_path, *(f"{a}/wide{b}/f" for a in range(3) for b in range(30)))
    early = walked(tmp_path)
    monkeypatch.setattr(ahead, "_compiled", None)
    assert early == walked(tmp_path)
    assert len(early[0]) == 6 * 9 * 2 + 90


def test_what_was_listed_early_is_what_is_listed_at_its_turn(
    tmp_path: Path, folder: int
) -> None:
    plant(tmp_path, *(f"{a}/{'x' * 40}{b}" for a in range(12) for b in range(a * 150)))
    here = level(tmp_path)
    with closing(Ahead(reads=True)) as early:
        while here.names:
            name = here.names.pop()
            opened = early.next(name, here, folder)
            found = early.listing(opened, stamped=True)
            early.shut(opened)
            again = enter(name, folder)
            device = again.status.st_dev
            assert found == list_folder(again.descriptor, device, stamped=True)
            os.close(again.descriptor)


def test_a_change_is_noticed_if_what_was_listed_is_old(
    tmp_path: Path, folder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a/f", "b/f")
    here = level(tmp_path)
    with closing(Ahead(reads=True)) as early:
        early.shut(early.next(here.names.pop(), here, folder))
        (tmp_path / "a/new").touch()
        later = time.time_ns() + 2_000_000_000
        monkeypatch.setattr(time, "time_ns", lambda: later)
        opened = early.next(here.names.pop(), here, folder)
        assert sorted(early.listing(opened, stamped=True).files) == [b"f", b"new"]
        early.shut(opened)


def test_what_may_not_be_remembered_has_no_stamps(tmp_path: Path, folder: int) -> None:
    plant(tmp_path, "a/f", "b/f")
    here = level(tmp_path)
    with closing(Ahead(reads=True)) as early:
        for _ in range(2):
            opened = early.next(here.names.pop(), here, folder)
            found = early.listing(opened, stamped=False)
            assert (found.files, found.stamps, found.blocks) == ([b"f"], [], set())
            early.shut(opened)


def test_an_error_is_met_at_its_turn(tmp_path: Path, folder: int) -> None:
    plant(tmp_path, "a/f", "c/f", "secret/f")
    (tmp_path / "b").symlink_to("secret")
    here = Level([b"a", b"b", b"c"], tmp_path.stat().st_dev)
    with closing(Ahead(reads=True)) as early:
        early.shut(early.next(here.names.pop(), here, folder))
        with pytest.raises(OSError, match=r"directory|symbolic"):
            early.next(here.names.pop(), here, folder)
        early.shut(early.next(here.names.pop(), here, folder))


def test_what_is_left_early_leaves_nothing_open(tmp_path: Path, folder: int) -> None:
    plant(tmp_path, *(f"{a}/{b}" for a in range(40) for b in range(20)))
    here = level(tmp_path)
    early = Ahead(reads=True)
    early.shut(early.next(here.names.pop(), here, folder))
    early.close()
    assert not here.coming
