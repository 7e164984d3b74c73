"""Settings of the face."""

import pytest

from clearward.core.errors import Refused
from clearward.faces.clamd.settings import ClamdSettings, exclusions


def test_paths_in_which_an_expression_is_found_are_left_out() -> None:
    settings = ClamdSettings(exclude=exclusions(["^/proc/", r"\.iso$"]))
    assert settings.excludes(b"/proc/1/mem")
    assert settings.excludes(b"/a/b.iso")
    assert not settings.excludes(b"/home/proc/b.iso.txt")


def test_nothing_is_left_out_unless_it_is_asked_for() -> None:
    assert not ClamdSettings().excludes(b"/proc/1")


def test_classes_of_characters_are_those_of_posix() -> None:
    [pattern] = exclusions(["^/[[:digit:]x]+$"])
    assert pattern.search(b"/1x2")
    assert not pattern.search(b"/a")


def test_paths_need_not_be_utf_8() -> None:
    [pattern] = exclusions(["\udcff$"])
    assert pattern.search(b"/a\xff")


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(Refused, match="ExcludePath"):
        exclusions(["("])
