"""Behaviour of the name table."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.names import (
    MOST_PROBLEMS,
    ORIGINS,
    ImageRules,
    Problem,
    RuleName,
    Table,
)

NAMES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1)
RULES = st.builds(
    RuleName,
    NAMES.filter(lambda name: len(name) <= 128),
    st.sampled_from(ORIGINS),
    st.integers(-1, 9),
    st.sampled_from(["yara", "digest", "code"]),
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
    st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=2).map(
        tuple
    ),
    member=st.text(max_size=5),
)
PROBLEMS = st.builds(
    Problem,
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.text(max_size=20),
    st.booleans(),
)
TABLES = st.builds(
    Table,
    st.lists(RULES, max_size=4).map(tuple),
    st.lists(PROBLEMS, max_size=4).map(tuple),
    st.lists(st.text("0123456789abcdef", max_size=64), max_size=3).map(tuple),
    st.integers(0, 2**40),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["rules", "problems", "digests", "name", "strings", "meta"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(TABLES)
def test_a_table_comes_back_as_it_was(table: Table) -> None:
    assert Table.from_json(table.to_json()) == table


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_no_table(data: bytes) -> None:
    with pytest.raises(ValueError):
        Table.from_json(data)


@given(JSON)
def test_arbitrary_json_is_a_table_or_refused(value: object) -> None:
    empty = {"rules": [], "problems": [], "digests": [], "more": 0, "left": []}
    empty["images"] = []
    Table.from_json(json.dumps(empty).encode())
    for field in (*empty, "x"):
        data = json.dumps({**empty, field: [value] if field != "more" else value})
        try:
            table = Table.from_json(data.encode())
        except ValueError:
            continue
        assert all(isinstance(rule, RuleName) for rule in table.rules)


def test_problems_above_the_bound_are_counted() -> None:
    small = Problem(0, 1, 1, "a bad line", fatal=False)
    table = Table((), (small,) * (MOST_PROBLEMS + 5), (), 2)
    told = Table.from_json(table.to_json())
    assert (len(told.problems), told.more_problems) == (MOST_PROBLEMS, 7)


def test_a_problem_that_refuses_a_source_is_never_among_those_left_out() -> None:
    small = Problem(0, 1, 1, "a bad line", fatal=False)
    fatal = Problem(1, 1, 1, "it does not compile", fatal=True)
    table = Table((), ((small,) * MOST_PROBLEMS) + (fatal,), ())
    assert fatal in Table.from_json(table.to_json()).problems


def test_brackets_without_end_are_refused() -> None:
    with pytest.raises(ValueError):
        Table.from_json(b"[" * 200_000)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("a b", id="space"),
        pytest.param("a\n", id="line break"),
        pytest.param("\x1b[31mred", id="escape sequence"),
        pytest.param("caf\u00e9", id="not ASCII"),
        pytest.param("a" * 129, id="too long"),
    ],
)
def test_a_rule_name_that_could_mislead_does_not_exist(name: str) -> None:
    with pytest.raises(ValueError):
        RuleName(name, "local", 0, "yara")


@pytest.mark.parametrize("origin", ["", "elsewhere", "Local"])
def test_an_origin_outside_the_vocabulary_does_not_exist(origin: str) -> None:
    with pytest.raises(ValueError):
        RuleName("name", origin, 0, "yara")


def test_a_bad_name_does_not_come_through_the_socket() -> None:
    table = Table((RuleName("good", "local", 0, "yara"),), (), ())
    with pytest.raises(ValueError):
        Table.from_json(table.to_json().replace(b"good", b"b a d"))


def test_the_place_of_a_rule_of_an_archive_names_its_member() -> None:
    rule = RuleName("name", "local", 0, "yara", member="a/b.yar")
    assert rule.place("rules.yar.zip") == "rules.yar.zip: a/b.yar"
    assert RuleName("name", "local", 0, "yara").place("a.yar") == "a.yar"


def test_rules_of_images_survive_the_socket() -> None:
    image = ImageRules(
        source=1,
        first=1,
        count=5,
        told=(RuleName("one", "local", 1, "yara", ("$a",), (("by", "me"),)),),
        unwanted=2,
        unusable=3,
        duplicates=4,
        kinds=(("yara", 1), ("clamav", 4)),
        left=(("cbc", 1),),
        made_of=(("a.ndb", "ndb", "00", 5),),
    )
    listed = (RuleName("zero", "builtin", -1, "code"),)
    table = Table(listed, (), ("", "00"), images=(image,))
    assert Table.from_json(table.to_json()) == table
    assert (table.count, table.in_force) == (6, 4)
