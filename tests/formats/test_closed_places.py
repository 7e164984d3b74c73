"""Behaviour of the search for magics that do not stand at the front."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats import closed_places
from clearward.formats.closed import ENTRIES, Entry, entry
from clearward.formats.closed_places import elsewhere

BEHIND = [
    each for each in ENTRIES if not each.signature.leads and not each.signature.within
]
PICK = elsewhere(ENTRIES)
HEAD = 64 * 1024


def picked(data: bytes) -> list[str]:
    return [each.name for each in PICK(data[:HEAD], Reader.of(data))]


def placed(each: Entry, magic: bytes, before: bytes, behind: bytes) -> bytes:
    place = each.signature.place
    if place < 0:
        return before + magic + bytes(-place - len(magic))
    return before[:place].ljust(place, b"\0") + magic + behind


@pytest.mark.parametrize("each", BEHIND, ids=lambda each: str(each.format.name))
@settings(max_examples=20)
@given(before=st.binary(max_size=100), behind=st.binary(max_size=1200))
def test_what_has_the_magic_is_picked(
    each: Entry, before: bytes, behind: bytes
) -> None:
    for magic in each.signature.magics:
        assert each.format.name in picked(placed(each, magic, before, behind))


@given(st.binary(max_size=2000))
def test_whatever_a_format_recognises_was_picked(data: bytes) -> None:
    names = picked(data)
    for each in BEHIND:
        if each.format.recognises(data, Reader.of(data)):
            assert each.format.name in names


@pytest.mark.parametrize("size", [0, 1, 511, 512, 4096, 32 * 1024])
def test_of_a_short_part_without_a_magic_nothing_is_picked(size: int) -> None:
    assert picked(bytes(size)) == []


def test_what_lies_behind_the_head_is_asked_about_only_in_longer_parts() -> None:
    assert picked(bytes(HEAD)) == []
    assert picked(bytes(HEAD + 1)) == [
        "reiserfs",
        "btrfs",
        "ufs2",
        "gfs2",
        "vmfs",
        "dmg",
        "vhdfixed",
    ]


def test_the_head_may_be_longer_than_needed() -> None:
    image = bytes(65600) + b"_BHRfS_M"
    row = PICK(image, Reader.of(image))
    assert "btrfs" in [each.name for each in row]


def test_two_places_at_the_end_are_refused() -> None:
    rows = [
        {"name": "a", "magic": ["abcd"], "place": -512},
        {"name": "b", "magic": ["abcd"], "place": -8},
        {"name": "c", "magic": ["abcd"], "place": closed_places.NEAR},
        {"name": "d", "magic": ["abcd"], "place": 8},
    ]
    with pytest.raises(ValueError, match="unpack"):
        elsewhere(map(entry, rows))
