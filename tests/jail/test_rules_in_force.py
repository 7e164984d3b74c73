"""Behaviour of the rules in force; with images, see `test_image_file`."""

import pytest

from clearward.core.names import ImageRules, RuleName, Table
from clearward.jail.rules_in_force import RulesInForce

RULE = RuleName("One", "local", 0, "yara")


def test_without_an_image_rules_are_those_of_the_table() -> None:
    rules = RulesInForce(Table((RULE,), (), ("",)))
    assert (len(rules), rules[0], list(rules)) == (1, RULE, [RULE])


@pytest.mark.parametrize("number", [-1, 1])
def test_there_is_no_rule_outside_of_them(number: int) -> None:
    with pytest.raises(IndexError):
        RulesInForce(Table((RULE,), (), ("",)))[number]


@pytest.mark.parametrize("kind", ["yara", "clamav", "digest"])
@pytest.mark.parametrize("source", ["cvd", "cld", "cud", "ndb", "cwr"])
def test_signatures_of_a_signed_container_are_signed(kind: str, source: str) -> None:
    table = Table((RuleName("One", "local", 0, kind),), (), ("",))
    (rule,) = RulesInForce(table, (), [source])
    assert rule.signed == (source in {"cvd", "cld"} and kind != "yara")
    assert RulesInForce(table, (), [source])[0] == rule


@pytest.mark.parametrize(
    ("kinds", "signed"),
    [(["cvd", "cld"], True), (["cvd", "ndb"], False), ([], False)],
)
def test_an_image_of_signed_containers_alone_is_signed(
    kinds: list[str], *, signed: bool
) -> None:
    made_of = tuple((f"a.{kind}", kind, "", 1) for kind in kinds)
    image = ImageRules(0, 0, 0, made_of=made_of)
    table = Table((RuleName("One", "local", 0, "clamav"),), (), ("",), images=(image,))
    assert RulesInForce(table, (), ["cwr"])[0].signed is signed
