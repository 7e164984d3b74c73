"""Behaviour of listing: the compiled module and plain Python say the same."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from clearward.jail import listing
from clearward.jail.listing import Listing, block_of, sizes, stamp

Lister = Callable[..., Listing]
LISTERS = [
    pytest.param(listing.list_folder, id="as built"),
    pytest.param(listing.list_in_python, id="in Python"),
]


def listed(lister: Lister, path: Path, *, stamped: bool = True) -> Listing:
    opened = os.open(path, os.O_RDONLY)
    try:
        return lister(opened, os.fstat(opened).st_dev, stamped=stamped)
    finally:
        os.close(opened)


@pytest.mark.parametrize("lister", LISTERS)
def test_what_lies_in_a_folder_is_told_apart(lister: Lister, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "fifo")
    found = listed(lister, tmp_path)
    status = (tmp_path / "file").stat()
    assert found == Listing(
        [b"file"], [stamp(status)], {status.st_ino >> 6}, [b"folder"], [b"fifo"]
    )
    assert sizes(found.stamps) == [5]
    assert block_of(found.stamps[0]) == status.st_ino >> 6


@pytest.mark.parametrize("lister", LISTERS)
def test_nothing_is_stamped_that_nobody_asks_for(
    lister: Lister, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    assert listed(lister, tmp_path, stamped=False) == Listing([b"file"])


@pytest.mark.parametrize("lister", LISTERS)
def test_a_file_on_another_device_has_no_stamp(lister: Lister, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    opened = os.open(tmp_path, os.O_RDONLY)
    found = lister(opened, os.fstat(opened).st_dev + 1, stamped=True)
    os.close(opened)
    assert found == Listing([b"file"], [b""])


def test_both_say_the_same_of_a_folder_of_many_odd_names(tmp_path: Path) -> None:
    names = [b"\xff%d" % number for number in range(3000)]
    names += [b"x" * 255, b" ", b"-", b"...", b"line\nbreak"]
    for number, name in enumerate(names):
        with open(os.fsencode(tmp_path) + b"/" + name, "wb") as file:
            file.truncate(number)
    os.utime(tmp_path / "...", ns=(-5, -(10**9)))  # before 1970
    os.utime(tmp_path / "-", ns=(0, 2**62))
    here = os.open(tmp_path, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"/proc/self/fd/{here}/socket")
    os.close(here)
    one = listed(listing.list_folder, tmp_path)
    other = listed(listing.list_in_python, tmp_path)
    assert len(one.files) == len(names)
    assert sum(sizes(one.stamps)) == sum(range(len(names)))
    assert dict(zip(one.files, one.stamps, strict=True)) == dict(
        zip(other.files, other.stamps, strict=True)
    )
    assert (one.blocks, one.others) == (other.blocks, other.others)


@pytest.mark.parametrize("lister", LISTERS)
def test_what_cannot_be_listed_is_an_error(lister: Lister, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    opened = os.open(tmp_path / "file", os.O_RDONLY)
    with pytest.raises(OSError, match="directory"):
        lister(opened, 0, stamped=True)
    os.close(opened)


@pytest.mark.parametrize("lister", LISTERS)
def test_files_that_vanish_while_they_are_listed_have_no_stamp(
    lister: Lister, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lister is listing.list_folder:
        monkeypatch.setattr(listing, "_compiled", None)
    entry = listing.Listing()

    def ask(**_: object) -> os.stat_result:
        raise FileNotFoundError

    listing._add_stamp(entry, 1, ask)  # noqa: SLF001 - a race, made to happen
    assert entry.stamps == [b""]
