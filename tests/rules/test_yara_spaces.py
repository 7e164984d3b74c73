"""Files of archives are name spaces of their own, and told by their names."""

import pytest

from clearward.core.names import Table
from clearward.rules.compile import compile_rules
from clearward.rules.ruleset import RuleSet
from clearward.rules.source import Archive, Source
from clearward.rules.yara_spaces import OTHERS, spaces_of

ONE = 'rule same { strings: $a = "one" condition: $a }'
TWO = 'rule same { meta: member = "forged" strings: $a = "two" condition: $a }'


def archive(*texts: str, number: int = 0, others: int = 0) -> Source:
    members = tuple(
        Source(number, "a.yar.zip", "yara", "local", text.encode(), member=f"{place}")
        for place, text in enumerate(texts)
    )
    label = f"{number}.yar.zip"
    found = Archive(members, others)
    return Source(number, label, "yara", "local", b"PK", found)


def compiled(*sources: Source, describe: bool = False) -> tuple[RuleSet, Table]:
    return compile_rules(sources, test_file=False, describe=describe)


def test_each_file_is_a_space() -> None:
    plain = Source(0, "0.yar", "yara", "local", b"")
    packed = archive(ONE, TWO, number=1)
    spaces, problems = spaces_of((plain, packed))
    assert list(spaces) == ["0", "1.0", "1.1"]
    assert [one.member for one in spaces.values()] == ["", "0", "1"]
    assert problems == []


def test_rules_of_one_name_in_two_files_are_two_rules() -> None:
    rules, table = compiled(archive(ONE, TWO))
    assert table.problems == ()
    assert [(rule.source, rule.name, rule.member) for rule in table.rules] == [
        (0, "same", "0"),
        (0, "same", "1"),
    ]
    assert rules.match(b"one") == [0]
    assert rules.match(b"two") == [1]


def test_what_a_rule_says_of_itself_is_not_where_it_stands() -> None:
    _, table = compiled(archive(ONE, TWO), describe=True)
    assert [rule.member for rule in table.rules] == ["0", "1"]
    assert table.rules[1].meta == (("member", "forged"),)


def test_a_rule_cannot_refer_to_one_in_another_file() -> None:
    _, table = compiled(archive(ONE, "rule next { condition: same }"))
    (problem,) = table.problems
    assert problem.fatal
    assert problem.message.startswith("1: unknown identifier")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('include "0"\n' + TWO, "1: include", id="another file"),
        pytest.param("rule {", "1: syntax error", id="no rule"),
        pytest.param(
            'import "time" rule late { condition: time.now() > 0 }',
            "1: the rule late asks for the time",
            id="a time",
        ),
    ],
)
def test_a_problem_names_the_file(text: str, message: str) -> None:
    _, table = compiled(archive(ONE, text))
    (problem,) = table.problems
    assert problem.source == 0
    assert problem.message.startswith(message)


def test_a_file_that_is_no_text_is_named() -> None:
    member = Source(0, "a", "yara", "local", b"\n\xff", member="b.yar")
    source = Source(0, "a", "yara", "local", b"PK", Archive((member,)))
    (problem,) = compiled(source)[1].problems
    assert (problem.line, problem.message) == (2, "b.yar: not UTF-8 text")


def test_an_archive_that_is_refused_is_a_problem_of_the_whole() -> None:
    source = Source(0, "a", "yara", "local", b"PK", Archive(refused="is damaged"))
    (problem,) = compiled(source)[1].problems
    assert (problem.source, problem.message, problem.fatal) == (0, "is damaged", True)


def test_files_that_are_no_rules_are_counted() -> None:
    _, table = compiled(archive(ONE, others=3), archive(TWO, number=1, others=2))
    assert table.left == ((OTHERS, 5),)
    assert compiled(archive(ONE))[1].left == ()
