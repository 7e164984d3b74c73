"""Names of YARA rules are printable ASCII, whatever the rule is called."""

import yara_x

from clearward.rules.source import Source
from clearward.rules.yara_names import name_of, rule_name

SOURCE = Source(3, "a.yar.zip", "yara", "bundle", b"", member="b.yar")


def test_a_name_has_the_place_of_its_rule() -> None:
    made = rule_name("one", SOURCE, ("$a",))
    assert (made.name, made.source, made.origin) == ("one", 3, "bundle")
    assert (made.member, made.strings, made.meta) == ("b.yar", ("$a",), ())


def test_other_characters_become_underscores_and_the_rest_is_cut() -> None:
    assert rule_name("one\u0663" + "a" * 200, SOURCE, ()).name == "one_" + "a" * 124


def test_what_a_rule_says_is_there_if_it_is_asked_for() -> None:
    rules = yara_x.compile('rule one { meta: by = "me" condition: true }')
    (rule,) = rules
    assert name_of(rule, SOURCE, describe=False).meta == ()
    assert name_of(rule, SOURCE, describe=True).meta == (("by", "me"),)
