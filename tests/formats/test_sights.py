"""Behaviour of what can be seen in a part."""

import pytest
from support.icons import bitmap, program
from support.pictures import files

from clearward.core.sights import NO_ICONS, NO_LOOK, Look
from clearward.formats import heavy
from clearward.formats.pictures import grey
from clearward.formats.sights import Sighted

heavy.load()


def test_a_picture_is_looked_at_when_it_is_asked_for_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def look(data: bytes, kind: str) -> Look:
        asked.append((data, kind))
        return NO_LOOK

    monkeypatch.setattr(grey, "look", look)
    sighted = Sighted(b"abc", "CL_TYPE_PNG")
    assert asked == []
    assert sighted.look() == sighted.look() == NO_LOOK
    assert asked == [(b"abc", "CL_TYPE_PNG")]


def test_a_picture_has_looks() -> None:
    kind, data = files()["png"]
    assert Sighted(data, kind).look().hash == bytes.fromhex("83073c395fc78f28")


def test_only_programs_have_icons_and_they_are_looked_at_once() -> None:
    data = program([bitmap(16, lambda x, y: (x, y, 9))])
    sighted = Sighted(data, "CL_TYPE_MSEXE")
    assert len(sighted.icons().icons) == 1
    assert sighted.icons() is sighted.icons()
    assert Sighted(data, "CL_TYPE_PNG").icons() == NO_ICONS
    assert Sighted(b"MZ and no more", "CL_TYPE_MSEXE").icons() == NO_ICONS
