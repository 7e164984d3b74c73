"""Indicators of all parts of a file."""

import pytest

from clearward.formats.extraction import gathered
from clearward.formats.extraction.gathered import BLOCK, Gathered
from clearward.indicators.found import Found
from clearward.indicators.kinds import Kind


def test_a_value_is_told_once_a_file_whatever_part_has_it() -> None:
    found: list[Found] = []
    one = Gathered(found.extend)
    one.take("evil.com")
    one.take("\nEVIL.COM a.example")
    assert [(each.line, each.value) for each in found] == [
        (1, "evil.com"),
        (2, "a.example"),
    ]


def test_lines_are_counted_through_blocks() -> None:
    found: list[Found] = []
    Gathered(found.extend).take("word \n" * (BLOCK // 4) + "evil.com")
    assert [(each.line, each.value) for each in found] == [(BLOCK // 4 + 1, "evil.com")]


def test_more_than_the_limit_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "MOST_FOUND", 2)
    found: list[Found] = []
    one = Gathered(found.extend)
    one.take("a.com b.com c.com")
    assert ([each.value for each in found], one.cut) == (["a.com", "b.com"], True)


def test_what_the_other_side_would_refuse_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = Found(1, Kind.DOMAIN, "Evil.example")
    monkeypatch.setattr(gathered, "extract", lambda _text, _line: [wrong])
    found: list[Found] = []
    Gathered(found.extend).take("x")
    assert found == []
