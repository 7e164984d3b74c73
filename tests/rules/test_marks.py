"""Behaviour of marks: bytes that are looked for while rules are matched."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.compile import compile_rules
from clearward.rules.ruleset import RuleSet
from clearward.rules.source import Source

MARKS = (b"PK\3\4", b"begin", b"\0\xff")
RULE = b'rule one { strings: $a = "found" condition: $a }'
NO_RULE = b"private rule hidden { condition: false }"


def rules(*texts: bytes, marks: tuple[bytes, ...] = MARKS) -> RuleSet:
    sources = [
        Source(number, "test", "yara", "local", text)
        for number, text in enumerate(texts)
    ]
    return compile_rules(sources, test_file=False, marks=marks)[0]


ONE = rules(RULE)
PIECES = st.sampled_from([*MARKS, b"found", b"PK", b"begi", b"\0"])


@given(st.lists(PIECES | st.binary(max_size=9), max_size=9).map(b"".join))
def test_a_mark_is_told_exactly_where_one_is(data: bytes) -> None:
    found, marked = ONE.look(data)
    assert found == ([0] if b"found" in data else [])
    assert marked == any(mark in data for mark in MARKS)


@given(st.lists(PIECES, max_size=9).map(b"".join))
def test_marks_change_nothing_about_what_matches(data: bytes) -> None:
    without = rules(RULE, marks=())
    assert ONE.match(data) == without.match(data)
    assert list(ONE.explain(data)) == list(without.explain(data))


def test_marks_are_no_rule_that_anybody_sees() -> None:
    source = Source(0, "test", "yara", "local", RULE)
    _, table = compile_rules([source], test_file=False, marks=MARKS)
    assert [rule.name for rule in table.rules] == ["one"]


def test_a_rule_may_be_called_as_the_marks_are() -> None:
    both = rules(b"rule marks { condition: true }", RULE)
    assert both.look(b"nothing") == ([0], False)
    assert both.look(b"found begin") == ([0, 1], True)


def test_where_nobody_looked_for_marks_there_may_be_some() -> None:
    assert rules(RULE, marks=()).look(b"nothing") == ([], True)
    assert rules(RULE, marks=()).look(b"found") == ([0], True)
    assert rules().look(b"nothing") == ([], True)
    assert rules(NO_RULE).look(b"nothing")[0] == []


@given(st.lists(PIECES, max_size=9).map(b"".join))
def test_windows_do_not_tell_of_marks(data: bytes) -> None:
    windows = ONE.windows()
    hits = [*windows.feed(data), *windows.finish()]
    assert {hit.rule for hit in hits} <= {0}
