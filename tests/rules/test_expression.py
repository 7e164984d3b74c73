"""How a condition is taken apart."""

import pytest
from support.source import MANY, condition

from clearward.rules.expression import Group, Meaning, judge, listed


def shown(text: str) -> str:
    """Write down what is judged, with a bracket for each pair that is put together."""

    def term(words: list[str | Group[str]]) -> str:
        return " ".join(
            f"<{word.shown}>" if isinstance(word, Group) else word for word in words
        )

    return judge(
        condition(text),
        Meaning(term, "[{} & {}]".format, "[{} | {}]".format, "?"),
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("$a", "$a"),
        ("$a at 0 and not $b", "[$a at 0 & not $b]"),
        ("$a or $b and $c or $d", "[[$a | [$b & $c]] | $d]"),
        ("($a or $b) and $c", "[<[$a | $b]> & $c]"),
        ("for any i in (0..9) : ( $a )", "for any i in <0 . . 9> : <$a>"),
        ("2 of ($a, $b)", "2 of <?>"),
        ("@a[1 and 2]", "@a <?>"),
        ("($a", "?"),
        ("$a)", "?"),
        ("$a, $b", "?"),
        ("and", "[ & ]"),
    ],
)
def test_and_binds_more_than_or_and_brackets_most(text: str, read: str) -> None:
    assert shown(text) == read


def test_names_in_a_list_are_told_and_nothing_else() -> None:
    tokens = condition("any of ($a, $b*, $c)")
    assert listed(tokens, Group(2, len(tokens) - 1, "")) == ["$a", "$b*", "$c"]
    for other in ("($a, 1)", "($a,)", "()", "(* $a)", "($a $b)"):
        tokens = condition(other)
        assert listed(tokens, Group(0, len(tokens) - 1, "")) == []


def test_brackets_in_brackets_are_read_without_recursion() -> None:
    text = "(" * MANY + "a" + ")" * MANY
    deep = judge(
        condition(text), Meaning(lambda _: 1, lambda one, _: one, lambda one, _: one, 0)
    )
    assert deep == 1
