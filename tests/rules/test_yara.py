"""Behaviour of YARA rules through YARA-X."""

import pytest
import yara_x
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.names import Problem
from clearward.rules import yara
from clearward.rules.condition import Decision
from clearward.rules.source import Source
from clearward.rules.yara import NO_STRING, Hit, YaraRules, compile_yara


def compiled(*texts: str | bytes) -> tuple[YaraRules | None, list[Problem]]:
    """Compile each text as a source of its own."""
    return compile_yara(
        [
            Source(
                number,
                f"{number}.yar",
                "yara",
                "bundle",
                text.encode() if isinstance(text, str) else text,
            )
            for number, text in enumerate(texts)
        ],
        0,
    )


def rules(*texts: str) -> YaraRules:
    made, problems = compiled(*texts)
    assert problems == []
    assert made is not None
    return made


def names(made: YaraRules | None) -> list[tuple[int, str]]:
    """Source and name of each rule, in order."""
    return [(name.source, name.name) for name in made.names] if made else []


def places(problems: list[Problem]) -> list[tuple[int, int, int]]:
    return [(problem.source, problem.line, problem.column) for problem in problems]


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


def test_rules_without_strings_match_without_a_place() -> None:
    made = rules("rule a { condition: filesize == 3 }")
    assert list(made.explain(b"abc")) == [Hit(0, 0, 0, NO_STRING)]
    assert list(made.explain(b"ab")) == []


def test_private_rules_are_named_and_never_found() -> None:
    made = rules("private rule helper { condition: true } rule a { condition: helper }")
    assert names(made) == [(0, "helper"), (0, "a")]
    assert made.match(b"") == [1]
    assert [hit.rule for hit in made.explain(b"")] == [1]


def test_a_global_rule_holds_for_its_own_file_only() -> None:
    made = rules(
        "rule a { condition: true }",
        "global rule short { condition: filesize < 2 } rule b { condition: true }",
    )
    assert made.match(b"x") == [0, 1, 2]
    assert made.match(b"xy") == [0]


@pytest.mark.parametrize(
    "module", ["pe", "elf", "macho", "dotnet", "lnk", "math", "hash", "string", "time"]
)
def test_modules_can_be_imported(module: str) -> None:
    made = rules(f'import "{module}" rule a {{ condition: true }}')
    assert made.match(b"MZ") == [0]


def test_a_match_tells_the_number_of_its_string() -> None:
    made = rules(
        'rule a { strings: $x = "x" $y = "yy" $z = { 7A } condition: any of them }'
    )
    assert made.names[0].strings == ("$x", "$y", "$z")
    assert list(made.explain(b"zyyx-x")) == [
        Hit(0, 3, 1, 0),
        Hit(0, 5, 1, 0),
        Hit(0, 1, 2, 1),
        Hit(0, 0, 1, 2),
    ]


def test_strings_without_a_name_have_numbers_of_their_own() -> None:
    made = rules('rule a { strings: $ = "x" $ = "y" condition: all of them }')
    assert made.names[0].strings == ("$", "$")
    assert [hit.string for hit in made.explain(b"xy")] == [0, 1]


def test_private_strings_are_not_told() -> None:
    made = rules('rule a { strings: $p = "x" private $a = "y" condition: any of them }')
    assert made.names[0].strings == ("$a",)
    assert list(made.explain(b"xy")) == [Hit(0, 1, 1, 0)]
    assert list(made.explain(b"x")) == [Hit(0)]


def test_an_explanation_is_bounded_and_tells_the_same_rules() -> None:
    made = rules(
        'rule few { strings: $a = "a" condition: #a < 4000 }'
        'rule many { strings: $a = "a" condition: #a > 4000 }'
        'rule any_number { strings: $a = "a" condition: $a }'
    )
    found = list(made.explain(b"a" * 5000))
    assert {hit.rule for hit in found} == {1, 2} == set(made.match(b"a" * 5000))
    assert len([hit for hit in found if hit.rule == 2]) == 1000
    assert made.match(b"a" * 3000) == [0, 2]  # and nothing of it lasts


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


def test_a_window_tells_only_rules_that_windows_decide() -> None:
    made = rules(
        'rule exact { strings: $a = "x" condition: $a }'
        'rule small { strings: $a = "x" condition: $a and filesize < 1MB }'
        'rule open_one { strings: $a = "x" condition: $a at 0 }'
        'rule positive { strings: $a = "x" condition: #a > 1 }'
    )
    assert dict(made.match_window(b"x-x")) == {
        0: [Hit(0, 0, 1, 0), Hit(0, 2, 1, 0)],
        3: [Hit(3, 0, 1, 0), Hit(3, 2, 1, 0)],
    }


def test_without_such_rules_a_window_is_not_even_matched() -> None:
    made = rules("rule a { condition: true } rule b { condition: filesize < 1MB }")
    assert list(made.match_window(b"x")) == []


letters = st.text("ab", min_size=1, max_size=2)
conditions = st.sampled_from(
    [
        "any of them",
        "all of them",
        "$a and not $b",
        "#a > 2 or #b == 0",
        "$a at 1",
        "@b[2] > 4",
        "for any of them : ( # > 3 )",
        "filesize > 4 and $a in (0..3)",
    ]
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(letters, letters, conditions), min_size=6, max_size=6),
    st.lists(st.text("ab-", max_size=12), min_size=6, max_size=6),
)
def test_what_is_found_is_what_yara_x_finds(
    parts: list[tuple[str, str, str]], contents: list[str]
) -> None:
    texts = [
        f'rule a {{ strings: $a = "{a}" $b = "{b}" condition: ({condition}) and '
        "(any of them or true) }"
        for a, b, condition in parts
    ]
    made = rules(*texts)
    plain = [yara_x.Scanner(yara_x.compile(text)) for text in texts]
    for content in contents:
        data = content.encode()
        expected = [
            number
            for number, scanner in enumerate(plain)
            if scanner.scan(data).matching_rules
        ]
        assert sorted(made.match(data)) == expected
        assert sorted({hit.rule for hit in made.explain(data)}) == expected


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=100))
def test_arbitrary_bytes_give_rules_or_problems_inside_the_text(text: bytes) -> None:
    made, problems = compiled(text, "rule last { condition: true }")
    assert names(made)[-1] == (1, "last")
    for problem in problems:
        assert problem.source == 0
        assert problem.fatal
        assert 0 <= problem.line <= text.count(b"\n") + text.count(b"\r") + 1
