"""Behaviour of compiling rule sources into a matcher and a name table."""

import gc
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.names import ORIGINS, Problem, RuleName, Table
from clearward.rules.compile import compile_rules
from clearward.rules.source import Source

# Put together at run time, so that no scanner takes this file for the test file.
TEST_FILE = (
    rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
)
MD5 = hashlib.md5(b"a", usedforsecurity=False).hexdigest()
SHA1 = hashlib.sha1(b"a", usedforsecurity=False).hexdigest()
SHA256 = hashlib.sha256(b"a").hexdigest()


def sources(*kinds_and_texts: tuple[str, str]) -> list[Source]:
    return [
        Source(number, str(number), kind, "local", text.encode())
        for number, (kind, text) in enumerate(kinds_and_texts)
    ]


def names(table: Table) -> list[tuple[int, str]]:
    return [(rule.source, rule.name) for rule in table.rules]


def test_the_test_file_is_first_then_yara_then_digests_by_algorithm() -> None:
    rules, table = compile_rules(
        sources(
            ("sha256", f"{SHA256} Long\n"),
            ("md5", f"{MD5} Short\n{MD5} Again\n"),
            ("yara", "rule one { condition: true } rule two { condition: false }"),
            ("sha1", f"{SHA1} Middle"),
            ("yara", "rule three { condition: true }"),
            ("md5", f"{MD5} Late"),
        ),
        test_file=True,
    )
    assert names(table) == [
        (-1, "Eicar-Test-File"),
        (2, "one"),
        (2, "two"),
        (4, "three"),
        (1, "Short"),
        (1, "Again"),
        (5, "Late"),
        (3, "Middle"),
        (0, "Long"),
    ]
    assert rules.match(b"a") == [1, 3, 4, 7, 8]
    assert rules.match(TEST_FILE) == [0, 1, 3]


def test_without_the_test_file_numbers_begin_with_yara() -> None:
    rules, table = compile_rules(
        sources(("md5", MD5), ("yara", "rule one { condition: true }")), test_file=False
    )
    assert names(table) == [(1, "one"), (0, MD5)]
    assert rules.match(b"a") == [0, 1]
    assert rules.match(TEST_FILE) == [0]


def test_no_source_is_no_rule() -> None:
    rules, table = compile_rules([], test_file=False)
    assert table == Table((), (), ())
    assert rules.match(b"a") == []
    assert not rules.needs_whole


def test_the_table_counts_the_rules_that_yara_x_has() -> None:
    text = "private rule p { condition: true } global rule g { condition: p } "
    text += "rule bad { condition: foo } rule a { condition: true }"
    _, table = compile_rules(sources(("yara", text)), test_file=False)
    assert names(table) == [(0, "p"), (0, "g"), (0, "a")]


def test_problems_are_in_the_order_of_the_sources_and_lines() -> None:
    _, table = compile_rules(
        sources(
            ("md5", f"{MD5}\nbad\n"),
            ("yara", "rule a {\ncondition: foo }\nrule b {\ncondition: bar }"),
            ("sha1", "worse\n\nbad"),
            ("yara", "rule"),
        ),
        test_file=True,
    )
    assert [(problem.source, problem.line) for problem in table.problems] == [
        (0, 2),
        (1, 2),
        (1, 4),
        (2, 1),
        (2, 3),
        (3, 1),
    ]
    assert [problem.fatal for problem in table.problems] == [
        problem.source % 2 == 1 for problem in table.problems
    ]


def test_the_table_tells_the_digest_of_each_source() -> None:
    made = sources(("yara", ""), ("md5", "x"))
    _, table = compile_rules(made, test_file=True)
    assert table.digests == tuple(
        hashlib.sha256(source.text).hexdigest() for source in made
    )


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_as_it_was(was_on: bool) -> None:  # noqa: FBT001
    was = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        compile_rules(sources(("md5", MD5)), test_file=True)
        assert gc.isenabled() is was_on
        with pytest.raises(ValueError):
            compile_rules(
                [Source(0, "", "md5", "nowhere", MD5.encode())], test_file=True
            )
        assert gc.isenabled() is was_on
    finally:
        (gc.enable if was else gc.disable)()


rule_names = st.builds(
    RuleName,
    st.from_regex(r"[!-~]{1,128}", fullmatch=True),
    st.sampled_from(ORIGINS),
    st.integers(-1, 10),
    st.sampled_from(["yara", "digest", "code"]),
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
)
problems = st.builds(
    Problem,
    st.integers(0, 10),
    st.integers(0, 10),
    st.integers(0, 10),
    st.text(max_size=20),
    st.booleans(),
)
tables = st.builds(
    Table,
    st.lists(rule_names, max_size=4).map(tuple),
    st.lists(problems, max_size=4).map(tuple),
    st.lists(st.text("0123456789abcdef", max_size=64), max_size=3).map(tuple),
)


@settings(max_examples=50)
@given(tables)
def test_a_table_comes_back_from_the_socket_as_it_was(table: Table) -> None:
    assert Table.from_json(table.to_json()) == table


@given(st.binary(max_size=100))
def test_arbitrary_bytes_are_a_table_or_a_value_error(data: bytes) -> None:
    try:
        Table.from_json(data)
    except ValueError:
        return


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["rules", "problems", "digests", "name", "origin", "strings", "source"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(
    json_values
    | st.fixed_dictionaries(
        {"rules": json_values, "problems": json_values, "digests": json_values}
    )
)
def test_arbitrary_json_is_a_table_or_a_value_error(value: object) -> None:
    try:
        Table.from_json(json.dumps(value).encode())
    except ValueError:
        return


@settings(max_examples=50)
@given(tables, st.data())
def test_a_cut_or_changed_table_is_a_table_or_a_value_error(
    table: Table, data: st.DataObject
) -> None:
    text = bytearray(table.to_json())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(0, 255))
    try:
        Table.from_json(bytes(text[: data.draw(st.integers(place, len(text)))]))
    except ValueError:
        return


def test_deep_nesting_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        Table.from_json(b"[" * 1_000_000)
