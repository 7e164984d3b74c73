"""Behaviour of the choice of the home."""

import os

import pytest

from clearward.stores.home import home


def test_the_environment_names_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWARD_HOME", "/some/where")
    assert home() == "/some/where"


@pytest.mark.parametrize("chosen", [None, ""])
def test_root_and_others_have_their_own_default(
    chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chosen is None:
        monkeypatch.delenv("CLEARWARD_HOME", raising=False)
    else:
        monkeypatch.setenv("CLEARWARD_HOME", chosen)
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert home() == "/var/lib/clearward"
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert home() == "/home/somebody/.local/share/clearward"
