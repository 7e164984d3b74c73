"""What YARA rules find, and what is told of it."""

import yara_x
from hypothesis import given, settings
from hypothesis import strategies as st
from support.yara import names, rules

from clearward.rules.yara import NO_STRING, Hit


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
