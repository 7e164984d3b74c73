"""Behaviour of what sees nothing."""

from clearward.core.sights import BLIND, NO_ICONS, NO_LOOK


def test_the_blind_see_nothing() -> None:
    assert BLIND.look() == NO_LOOK
    assert BLIND.icons() == NO_ICONS
