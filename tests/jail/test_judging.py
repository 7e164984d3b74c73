"""Behaviour of refusing rule sources."""

import pytest

from clearward.core.errors import Refused
from clearward.core.names import ImageRules, Problem, RuleName, Table
from clearward.jail.judging import judge
from clearward.jail.sources import RuleFile

RULE = RuleName("One", "local", 0, "yara")
NAMED = RuleFile("a.yar", "yara", "local", named=True, descriptor=-1, size=1)
FOUND = RuleFile("a.yar", "yara", "local", named=False, descriptor=-1, size=1)


def table(*, fatal: bool) -> Table:
    return Table((RULE,), (Problem(0, 3, 1, "bad", fatal),), ("00",))


def test_a_named_source_has_to_compile() -> None:
    with pytest.raises(Refused, match=r"a\.yar:3:1: bad"):
        judge([NAMED], table(fatal=True), ["a.yar"], strict=False)
    judge([NAMED], table(fatal=False), ["a.yar"], strict=False)
    judge([FOUND], table(fatal=True), ["."], strict=False)


def test_a_strict_one_has_no_bad_line() -> None:
    with pytest.raises(Refused, match="bad"):
        judge([FOUND], table(fatal=False), ["."], strict=True)
    image = Table((), (), ("00",), images=(ImageRules(0, 0, 1, unusable=2),))
    with pytest.raises(Refused, match="2 lines"):
        judge([FOUND], image, ["."], strict=True)
    judge([FOUND], image, ["."], strict=False)


def test_something_has_to_be_in_it() -> None:
    empty = Table((), (), ("00",))
    with pytest.raises(Refused, match="no rule"):
        judge([NAMED], empty, ["a.yar"], strict=False)
    judge([NAMED], empty, [], strict=False)
    signatures = RuleFile("a.ndb", "ndb", "local", named=True, descriptor=-1, size=1)
    judge([signatures], empty, ["a.ndb"], strict=False)
