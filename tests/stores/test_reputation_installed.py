"""A home has one set, whole, and somebody's own is left alone."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.digests import made, written

from clearward.core.errors import Refused
from clearward.reputation.making import Made
from clearward.stores.reputation import files
from clearward.stores.reputation_installed import install, installed
from clearward.stores.reputation_writing import File

ONE = made(x=written(*range(30)))
OTHER = made(x=written(*range(31)))


def few(one: Made) -> list[File]:
    """The files of a set but its buckets."""
    return [file for file in files(one) if "/" not in file[0]]


def test_another_set_takes_the_place_of_the_one_in_use(tmp_path: Path) -> None:
    assert installed(str(tmp_path)) is None
    for one in (ONE, OTHER):
        install(str(tmp_path), few(one))
        found = installed(str(tmp_path))
        assert found is not None
        assert found.known.head == one.head
        assert sorted(os.listdir(tmp_path)) == ["reputation", "reputation-sets"]
        assert len(os.listdir(tmp_path / "reputation-sets")) == 1


def test_a_fault_on_the_way_leaves_the_one_in_use(tmp_path: Path) -> None:
    def faulty() -> Iterator[tuple[str, bytes]]:
        yield "list", b"a"
        raise Refused("no")

    install(str(tmp_path), few(ONE))
    with pytest.raises(Refused, match="no"):
        install(str(tmp_path), faulty())
    found = installed(str(tmp_path))
    assert found is not None
    assert found.known.head == ONE.head


def test_several_at_once_leave_one_whole_set(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as several:
        jobs = [
            several.submit(install, str(tmp_path), few(one)) for one in (ONE, OTHER) * 3
        ]
    assert [job.exception() for job in jobs] == [None] * 6
    found = installed(str(tmp_path))
    assert found is not None
    assert found.known.head in {ONE.head, OTHER.head}
    assert found.has_list
    assert len(os.listdir(tmp_path / "reputation-sets")) == 1


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "reputation-sets" / ".set.left").mkdir(parents=True)
    install(str(tmp_path), few(ONE))
    assert len(os.listdir(tmp_path / "reputation-sets")) == 1


def test_a_folder_of_your_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "reputation").mkdir()
    with pytest.raises(Refused, match="your own"):
        install(str(tmp_path), few(ONE))
    assert os.listdir(tmp_path) == ["reputation"]
