"""A set in a folder is what its head says, or it is refused."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
from support.digests import digest, made, written

from clearward.core.errors import Refused
from clearward.reputation.filter_file import Filter
from clearward.reputation.head import Head
from clearward.reputation.records import WIDTH, prefix
from clearward.stores.reputation import SetFolder, bucket_name, files, read
from clearward.stores.reputation_writing import write

SET = made(x=written(*range(60), name="Trojan"), y=written(5, 70))
FEW = [one for one in files(SET) if one[0] == "buckets/fff" or "/" not in one[0]]
LOOKED = ("head", "labels", "filter")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "set"
    write(str(path), FEW)
    return path


def test_the_list_answers(folder: Path) -> None:
    held = SetFolder.open(str(folder))
    assert held.has_list
    assert [held.listed(digest(one)) for one in (1, 5, 70, 99)] == [
        (0,),
        (0, 1),
        (1,),
        (),
    ]


def test_without_the_list_there_is_still_a_set(folder: Path) -> None:
    (folder / "list").unlink()
    assert not SetFolder.open(str(folder)).has_list


@pytest.mark.parametrize("name", LOOKED)
def test_every_changed_byte_of_what_is_always_read_is_refused(
    folder: Path, name: str
) -> None:
    good = (folder / name).read_bytes()
    places = {*range(0, len(good), max(len(good) // 40, 1)), len(good) - 1}
    for place in places:
        data = bytearray(good)
        data[place] ^= 0x40
        (folder / name).write_bytes(data)
        with pytest.raises(Refused):
            SetFolder.open(str(folder))


@pytest.mark.parametrize("name", LOOKED)
def test_every_cut_of_what_is_always_read_is_refused(folder: Path, name: str) -> None:
    good = (folder / name).read_bytes()
    for length in {0, 1, *range(0, len(good), max(len(good) // 40, 1)), len(good) - 1}:
        (folder / name).write_bytes(good[:length])
        with pytest.raises(Refused):
            SetFolder.open(str(folder))
    (folder / name).write_bytes(good + b"\0")
    with pytest.raises(Refused):
        SetFolder.open(str(folder))
    (folder / name).unlink()
    with pytest.raises(Refused):
        SetFolder.open(str(folder))


def test_a_damaged_list_never_says_that_a_member_is_unknown(folder: Path) -> None:
    good = (folder / "list").read_bytes()
    held = SetFolder.open(str(folder))
    place = held.known.head.starts[prefix(digest(7))] * WIDTH
    for at in range(place, place + WIDTH):
        data = bytearray(good)
        data[at] ^= 1
        (folder / "list").write_bytes(data)
        with pytest.raises(Refused):
            held.listed(digest(7))
    for length in (0, place, place + 1, place + WIDTH - 1):
        (folder / "list").write_bytes(good[:length])
        with pytest.raises(Refused):
            held.listed(digest(7))
    (folder / "list").write_bytes(good)
    assert held.listed(digest(7)) == (0,)


def test_a_list_out_of_order_is_refused_though_its_digest_is_right(
    folder: Path,
) -> None:
    # Whoever makes such a set could hide a member from the search for it.
    one = made(x=b"".join(b"abc%061x\n" % number for number in range(3)))
    turned = bytes(one.records[WIDTH:]) + bytes(one.records[:WIDTH])
    head = one.head
    prefixes = list(head.prefixes)
    part = hashlib.sha256(turned).digest()
    prefixes[0xABC] = replace(prefixes[0xABC], part=part)
    wrong = Head(head.labels, tuple(prefixes))
    filtered = Filter.build(wrong.id, one.records).to_bytes()
    for name, data in (
        ("head", wrong.to_bytes()),
        ("labels", one.labels),
        ("filter", filtered),
        ("list", turned),
    ):
        (folder / name).write_bytes(data)
    with pytest.raises(Refused, match="order"):
        SetFolder.open(str(folder)).listed(bytes(one.records[:32]))


def test_files_of_two_sets_are_not_one(folder: Path) -> None:
    other = dict(files(made(x=written(*range(61), name="Trojan"))))
    for name in LOOKED:
        good = (folder / name).read_bytes()
        (folder / name).write_bytes(other[name])
        if (folder / name).read_bytes() != good:
            with pytest.raises(Refused):
                SetFolder.open(str(folder))
        (folder / name).write_bytes(good)
    SetFolder.open(str(folder))


def test_a_fifo_is_no_file_and_nobody_waits_for_it(folder: Path) -> None:
    (folder / "labels").unlink()
    os.mkfifo(folder / "labels")
    with pytest.raises(Refused, match="no regular file"):
        SetFolder.open(str(folder))


def test_a_folder_without_a_set_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no set"):
        SetFolder.open(str(tmp_path))


def test_buckets_are_named_by_three_digits(folder: Path) -> None:
    assert bucket_name(0xAB) == "buckets/0ab"
    assert sum(name.startswith("buckets/") for name, _ in files(SET)) == 4096
    assert read(str(folder), "buckets/fff", most=1 << 20)
