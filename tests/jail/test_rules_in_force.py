"""Behaviour of the rules in force; with images, see `test_image_file`."""

import pytest

from clearward.core.names import RuleName, Table
from clearward.jail.rules_in_force import RulesInForce

RULE = RuleName("One", "local", 0, "yara")


def test_without_an_image_rules_are_those_of_the_table() -> None:
    rules = RulesInForce(Table((RULE,), (), ("",)))
    assert (len(rules), rules[0], list(rules)) == (1, RULE, [RULE])


@pytest.mark.parametrize("number", [-1, 1])
def test_there_is_no_rule_outside_of_them(number: int) -> None:
    with pytest.raises(IndexError):
        RulesInForce(Table((RULE,), (), ("",)))[number]
