"""What the condition of a rule demands of data."""

import pytest
from support.source import one

from clearward.rules.demands import Demand, demand
from clearward.rules.lexer import read

STRINGS = '$a1 = "common" $a2 = "Rare-String-7" $b = { 4D 5A 90 } $ = "no name"'


def demanded(condition: str, *, program: bool = False) -> set[str] | None:
    rule = one(f"rule a {{ strings: {STRINGS} condition: {condition} }}")
    strings = demand(rule, {}, program=program).strings
    return None if strings is None else {string.identifier for string in strings}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("$a1", {"$a1"}),
        ("$a1 at 9", {"$a1"}),
        ("$a1 in (0..9)", {"$a1"}),
        ("#a1 > 0", {"$a1"}),
        ("#a1 >= 1", {"$a1"}),
        ("#a1 == 2", {"$a1"}),
        ("#a1 > #a2 + 1", {"$a1"}),
        ("@a1 < 5", {"$a1"}),
        ("uint32(@a1 + 4) ^ 3 == 7", {"$a1"}),
        ("any of ($a*)", {"$a1", "$a2"}),
        ("all of ($a*)", {"$a2"}),
        ("2 of ($a*, $b)", {"$a1", "$a2"}),
        ("2 of ($a1, $a2) in (0..9)", {"$a2"}),
        ("any of them", {"$a1", "$a2", "$b", "$"}),
        ("$a1 and $a2", {"$a2"}),
        ("$a1 or $a2", {"$a1", "$a2"}),
        ("filesize < 10 and ($a1 or ($b and $a2))", {"$a1", "$a2"}),
        ("for any i in (1..2) : ( $a1 and i < 9 )", {"$a1"}),
        ("false or $a1", {"$a1"}),
    ],
)
def test_a_term_demands_strings_of_which_one_matches(
    condition: str, names: set[str]
) -> None:
    assert demanded(condition) == names
    assert demanded(condition, program=True) == names


@pytest.mark.parametrize(
    "condition",
    [
        "not $a1",
        "not ($a1)",
        "$a1 or not $a2",
        "$a1 or filesize < 9",
        "true",
        "#a1 >= 0",
        "#a1 < 5",
        "#a1 == 0",
        "#a1 > #a2 - 9",
        "0 of them",
        "none of them",
        "50% of them",
        "2 of ($a1, $a1)",
        "9 of them",
        "for all i in (1..2) : ( $a1 )",
        "for any of them : ( $ at 0 )",
        "with x = 1 : ( $a1 )",
        "for any pe in (1..2) : ( $a1 )",
        "(@a1 - @a2) < 700",
        "any of ($a1, true)",
        "unknown",
        "and",
        "( (",
    ],
)
def test_what_is_not_understood_demands_nothing(condition: str) -> None:
    assert demanded(condition) is None


@pytest.mark.parametrize(
    "condition",
    ["uint16(0) == 0x5A4D", "$b at 0", "pe.is_pe", "all of them and pe.machine == 1"],
)
def test_what_only_programs_have_cannot_hold_for_others(condition: str) -> None:
    assert demanded(condition) == set()
    assert demanded(condition, program=True) != set()
    assert demanded(f"{condition} or $a1") == {"$a1"}


def test_a_rule_demands_what_the_rules_it_names_demand() -> None:
    text = """rule a { strings: $x = "Rare-String-1" $y = "b" condition: all of them }
        rule b { strings: $z = "c" condition: a and $z }
        rule c { condition: not a }
        rule d { strings: $x = "c" condition: a and any of them }
        rule e { condition: for any a in (1..2) : ( a ) }"""
    before: dict[str, Demand] = {}
    for rule in read(text):
        before[rule.name] = demand(rule, before, program=False)
    demands = {
        name: found.strings and [string.text for string in found.strings]
        for name, found in before.items()
    }
    rare = ['"Rare-String-1"']
    assert demands == {"a": rare, "b": rare, "c": None, "d": rare, "e": None}


def test_a_condition_beyond_measure_demands_nothing() -> None:
    strings = " ".join(f'$a{n} = "text {n}"' for n in range(2000))
    condition = " and ".join(f"$a{n}" for n in range(2000))
    rule = one(f"rule a {{ strings: {strings} condition: {condition} }}")
    assert demand(rule, {}, program=False).strings is None
