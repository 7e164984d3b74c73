"""Behaviour of lists that are written for an image."""

import json

import pytest

from clearward.native.layout import Listing
from clearward.rules.clamav.links import read_link
from clearward.rules.clamav.magics import read_magic
from clearward.rules.clamav.members import read_member
from clearward.rules.image import lists
from clearward.rules.image.lists import Lists
from clearward.rules.image.unusable import Unusable

LINE = read_member("a:CL_TYPE_ZIP:1-2:foo:10:5-6:1:3:*:*", 1)


def test_a_signature_about_members_is_a_row() -> None:
    written = Lists()
    written.add_member(7, LINE)
    ((which, data),) = written.encode()
    assert which is Listing.MEMBERS
    assert json.loads(data) == [
        [7, "CL_TYPE_ZIP", [1, 2], "foo", [10, 10], [5, 6], True, [3, 3]]
    ]


def test_no_row_is_no_section() -> None:
    assert Lists().encode() == []


def test_a_list_has_room_for_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_BYTES", 1000)
    written = Lists()
    for rule in range(3):
        written.add_member(rule, LINE)
    with pytest.raises(Unusable):
        written.add_member(3, LINE)


def test_a_line_of_a_phishing_list_is_a_row() -> None:
    written = Lists()
    written.add_link(7, read_link("H:key.com", 1, allows=False))
    written.add_link(7, read_link("X:a:b", 1, allows=True))
    written.add_member(1, LINE)
    (members, _), (links, data) = written.encode()
    assert (members, links) == (Listing.MEMBERS, Listing.LINKS)
    assert json.loads(data) == [[7, False, False, "key.com"], [7, True, True, "a:b"]]


def test_a_magic_is_a_row_if_it_tells_a_type() -> None:
    written = Lists()
    written.add_magic(read_magic("0:2:4142:x:CL_TYPE_ANY:CL_TYPE_GIF", 1))
    ((which, data),) = written.encode()
    assert which is Listing.MAGICS
    assert json.loads(data) == [[True, 2, "AB", "", "CL_TYPE_GIF"]]
    for line in (
        "4:2:4142:x:CL_TYPE_ANY:CL_TYPE_GIF",
        "1:*:4142(B):x:CL_TYPE_ANY:CL_TYPE_GIF",
    ):
        with pytest.raises(Unusable):
            written.add_magic(read_magic(line, 1))
