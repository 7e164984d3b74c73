"""Behaviour of formats that only the heavy zygote opens."""

import pytest

from clearward.core.reader import Reader
from clearward.formats import closed, opened
from clearward.formats.heavy import NotLoaded


def test_what_is_opened_is_in_the_table() -> None:
    assert {each.format.name for each in closed.ENTRIES} >= opened.OPENED


def test_what_is_opened_has_a_reader() -> None:
    opened.load()
    for name in opened.OPENED:
        unpack = opened.opener(name)
        assert unpack is not None
        try:
            list(unpack(Reader.of(b"")))
        except NotLoaded:
            pytest.fail(f"no reader for {name}")
        except Exception:  # noqa: BLE001, S110 - nothing is no part of any format
            pass


def test_what_has_no_reader_is_not_opened() -> None:
    assert opened.opener("no such format") is None
