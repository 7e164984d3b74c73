"""Behaviour of YARA rules through YARA-X."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.yara import compiled, names, places, rules

from clearward.rules import yara
from clearward.rules.condition import Decision
from clearward.rules.source import Source
from clearward.rules.yara import compile_yara


def test_a_rule_is_found_by_its_number() -> None:
    made, _ = compile_yara(
        [Source(4, "a.yar", "yara", "local", b'rule a { condition: "x" == "x" }')], 7
    )
    assert made is not None
    assert made.match(b"") == [7]
    [name] = made.names
    assert (name.name, name.origin, name.source, name.kind) == ("a", "local", 4, "yara")


def test_numbers_follow_the_sources_and_the_rules_in_them() -> None:
    made = rules(
        "rule b { condition: false } rule a { condition: true }",
        "rule c { condition: true }",
    )
    assert names(made) == [(0, "b"), (0, "a"), (1, "c")]
    assert sorted(made.match(b"")) == [1, 2]


def test_no_source_gives_no_rules() -> None:
    assert compiled() == (None, [])
    assert compiled("// nothing", "", "\n") == (None, [])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param("rule a {\n  condition: foo }", 2, 14, id="unknown name"),
        pytest.param("rule a {\r\n  condition: foo }", 2, 14, id="CRLF"),
        pytest.param("rule a {\n\tcondition: foo }", 2, 13, id="tab"),
        pytest.param(
            "rule a { /* é€ */\ncondition: /* é */ foo }", 2, 20, id="letters"
        ),
        pytest.param("\ufeffrule a { condition: foo }", 1, 21, id="byte order mark"),
        pytest.param("rule a { condition: true", 1, 25, id="no end"),
        pytest.param("what?", 1, 1, id="no rule"),
        pytest.param(
            'rule a { strings: $a = "x" condition: true }', 1, 19, id="unused"
        ),
        pytest.param("rule a { strings: $a = /(/ condition: $a }", 1, 25, id="regex"),
        pytest.param('import "nosuch"', 1, 1, id="unknown module"),
    ],
)
def test_an_error_is_reported_with_its_place(text: str, line: int, column: int) -> None:
    made, [problem] = compiled(text)
    assert names(made) == []
    assert (problem.source, problem.line, problem.column) == (0, line, column)
    assert problem.fatal
    assert problem.message


def test_a_file_with_a_bad_rule_still_gives_its_good_ones() -> None:
    # The broker refuses a source that is named itself, and counts one in a folder.
    made, problems = compiled(
        "rule a { condition: true }\n"
        "rule bad { condition: foo }\n"
        "rule b { condition: true }\n"
        "rule worse { condition: ) }\n"
        "rule c { condition: true }\n"
        "rule needs_bad { condition: bad }\n",
        "rule d { condition: true }",
    )
    assert names(made) == [(0, "a"), (0, "b"), (0, "c"), (1, "d")]
    assert sorted(places(problems)) == [(0, 2, 23), (0, 4, 25), (0, 6, 29)]
    assert made is not None
    assert made.match(b"") == [0, 1, 2, 3]


def test_one_name_twice_in_a_file_is_an_error_and_the_first_stays() -> None:
    made, problems = compiled("rule a { condition: true }\nrule a { condition: false }")
    assert names(made) == [(0, "a")]
    assert places(problems) == [(0, 2, 6)]
    assert "duplicate" in problems[0].message
    assert made is not None
    assert made.match(b"") == [0]


def test_one_name_in_two_files_is_two_rules() -> None:
    made = rules("rule a { condition: true }", "rule a { condition: false }")
    assert names(made) == [(0, "a"), (1, "a")]
    assert made.match(b"") == [0]


def test_includes_are_refused() -> None:
    made, problems = compiled('include "/etc/passwd"\nrule a { condition: true }')
    assert places(problems) == [(0, 1, 1)]
    assert "include" in problems[0].message
    assert names(made) == [(0, "a")]


def test_the_variables_that_public_rules_expect_are_empty() -> None:
    made = rules(
        "rule empty { condition: "
        + " and ".join(f'{name} == ""' for name in yara.OUTSIDE_VARIABLES)
        + " }",
        'rule other { condition: filename matches /./ or filepath contains "x" }',
    )
    assert made.match(b"x") == [0]


def test_text_that_is_not_utf_8_is_refused_with_its_line() -> None:
    latin = b"rule a { condition: true }\n// \xe9\n"
    made, problems = compiled(latin, "rule b { condition: true }", b"\xff\xfe")
    assert names(made) == [(1, "b")]
    assert places(problems) == [(0, 2, 0), (2, 1, 0)]
    assert {problem.message for problem in problems} == {"not UTF-8 text"}
    assert made is not None
    assert list(made.decisions) == [0]


def test_a_byte_order_mark_is_no_error() -> None:
    made = rules('\ufeffrule a { strings: $a = "x" condition: $a }')
    assert made.decisions == {0: Decision.ANY}


@pytest.mark.parametrize(
    "module", ["pe", "elf", "macho", "dotnet", "lnk", "math", "hash", "string", "time"]
)
def test_modules_can_be_imported(module: str) -> None:
    made = rules(f'import "{module}" rule a {{ condition: true }}')
    assert made.match(b"MZ") == [0]


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("a\u0661\u0662", "a__"),
        ("a" * 200, "a" * 128),
    ],
)
def test_names_are_made_of_allowed_characters(identifier: str, name: str) -> None:
    made = rules(f"rule {identifier} {{ condition: true }}")
    assert names(made) == [(0, name)]
    assert made.match(b"") == [0]


def test_rules_are_judged_each_by_its_own_text() -> None:
    made = rules(
        'rule a { strings: $a = "x" condition: $a } rule b { condition: true }',
        'rule a { strings: $a = "x" $b = "y" condition: all of them }',
        "rule a { condition: filesize < 1MB }",
    )
    assert list(made.decisions.items()) == [
        (0, Decision.ANY),
        (1, Decision.OPEN),
        (2, Decision.POSITIVE),
        (3, Decision.SMALL),
    ]
    assert made.needs_whole


@pytest.mark.parametrize(
    ("condition", "decision"),
    [
        ("$a or $b", Decision.ANY),
        ("$a and $b and filesize < 1MB", Decision.SMALL),
        ("$a and $b", Decision.POSITIVE),
        ("$a and not $b", Decision.OPEN),
    ],
)
def test_a_whole_part_is_needed_by_a_rule_that_windows_do_not_decide(
    condition: str, decision: Decision
) -> None:
    exact = 'rule exact { strings: $a = "x" condition: $a }'
    other = f'rule a {{ strings: $a = "x" $b = "y" condition: {condition} }}'
    made = rules(exact, other)
    assert made.decisions == {0: Decision.ANY, 1: decision}
    assert made.needs_whole is (decision in (Decision.POSITIVE, Decision.OPEN))


def test_rules_are_judged_only_when_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = rules('rule a { strings: $a = "x" condition: $a }')
    judged = []

    def judge(text: str) -> dict[str, Decision]:
        judged.append(text)
        return {}

    monkeypatch.setattr(yara, "decide", judge)
    made.match(b"x")
    list(made.explain(b"x"))
    assert judged == []
    assert made.decisions == {0: Decision.OPEN}
    assert made.needs_whole
    assert len(judged) == 1


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=100))
def test_arbitrary_bytes_give_rules_or_problems_inside_the_text(text: bytes) -> None:
    made, problems = compiled(text, "rule last { condition: true }")
    assert names(made)[-1] == (1, "last")
    for problem in problems:
        assert problem.source == 0
        assert problem.fatal
        assert 0 <= problem.line <= text.count(b"\n") + text.count(b"\r") + 1
