"""Which rules are compiled together, and what stays as it was."""

import pytest
from support.source import MANY

from clearward.rules.partition import FEW, Partition, plan

RARE = '$a = "Rare-String-7"'


def rule(name: str, condition: str, strings: str = RARE, kind: str = "") -> str:
    return f"{kind} rule {name} {{ strings: {strings} condition: {condition} }}\n"


def where(*texts: str) -> dict[str, list[str]]:
    """Names of rules by what lets their partition be scanned."""
    made = plan({f"{n}": text for n, text in enumerate(texts)}, few=0)
    assert not made.first.whole
    return {_probe(part): _names(part) for part in made.first.all()}


def _probe(part: Partition) -> str:
    return part.condition or " ".join(sorted(one.text for one in part.strings))


def _names(part: Partition) -> list[str]:
    return [one.name for rules in part.rules.values() for one in rules]


def test_rules_are_where_what_they_demand_is_asked_for() -> None:
    found = where(
        rule("always", "$a or filesize < 9")
        + rule("text", "$a")
        + rule("program", "uint16(0) == 0x5A4D and $a", '$a = "Another-7-String"')
        + rule("small", "uint16(0) == 0x5A4D and $a", '$a = "a"')
    )
    assert found == {
        "": ["always"],
        '"Rare-String-7"': ["text"],
        "uint16(0) == 0x5a4d": ["small"],
        '"Another-7-String"': ["program"],
    }


def test_a_rule_for_programs_and_others_is_found_in_both() -> None:
    either = rule("a", "(uint16(0) == 0x5A4D and filesize > 2) or $a")
    assert where(either) == {
        "": [],
        '"Rare-String-7"': ["a"],
        "uint16(0) == 0x5a4d": ["a"],
    }


def test_a_module_that_looks_at_every_file_is_kept_from_most() -> None:
    text = 'import "pe" import "math" '
    costly = rule("a", "$a and not pe.number_of_signatures > 0", '$a = "ab"')
    light = rule("b", "$a and math.mean(0, 9) < 1.0", '$a = "ab"')
    assert where(text + costly + light) == {"": ["b"], '"ab"': ["a"]}


def test_a_rule_takes_those_with_it_that_it_refers_to() -> None:
    text = (
        rule("other", "filesize < 9 or $a")
        + rule("first", "filesize > 9 or $a", kind="private")
        + rule("second", "first and $a")
        + rule("third", "any of (fir*) and $a", '$a = "Another-7-String"')
    )
    found = where(text)
    assert found[""] == ["other", "first"]
    assert ["first", "second", "third"] in found.values()


def test_imports_stand_before_the_rules_that_use_them() -> None:
    text = rule("a", "pe.is_pe and $a") + 'import "pe" ' + rule("b", "pe.is_pe and $a")
    [programs] = plan({"0": text}, few=0).first.further
    [group] = programs.further
    made = group.text("0")
    assert made.index("rule a") < made.index('import "pe"') < made.index("rule b")


@pytest.mark.parametrize(
    "text",
    [
        rule("a", "$a") + rule("a", "$a"),
        rule("a", "$a") + rule("b", "$a", kind="global"),
        rule("a", "$a") + "rule {",
        rule("a", " ".join(f"a{n} *" for n in range(99))),
    ],
)
def test_a_source_that_is_not_understood_stays_whole(text: str) -> None:
    made = plan({"0": text, "1": rule("b", "$a")}, few=0)
    assert made.first.whole == {"0": text}
    assert made.names == {"1": ("b",)}


def test_a_few_rules_are_not_parted() -> None:
    text = "".join(rule(f"a{number}", "$a") for number in range(FEW))
    assert plan({"0": text}).first.whole == {"0": text}
    assert not plan({"0": text + rule("b", "$a")}).first.whole


def test_rules_that_all_refer_to_all_take_no_more_than_linear_time() -> None:
    text = "rule a0 { condition: true }" + "".join(
        f"rule a{n} {{ condition: a{n - 1} }}" for n in range(1, MANY // 100)
    )
    assert plan({"0": text}, few=0).first.whole == {"0": text}
