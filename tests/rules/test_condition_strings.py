"""Behaviour of the judgement on strings, and on several rules."""

import pytest
from support.source import ANY, OPEN, POSITIVE, SMALL, judge

from clearward.rules.condition import Decision, decide


@pytest.mark.parametrize(
    ("string", "decision"),
    [
        ('"text"', ANY),
        ('"text" ascii wide nocase fullword', ANY),
        ('"text" xor(1-255) fullword', ANY),
        ('"text" base64 base64wide("alphabet")', ANY),
        ('"' + "x" * 5000 + '" wide', ANY),
        ('"' + "x" * 17_000 + '"', POSITIVE),
        ('"text" private', OPEN),
        ('"text" /* private */ ascii', OPEN),
        ("{ 00 [0-16000] 01 }", ANY),
        ("{ 00 [0-17000] 01 }", POSITIVE),
        ("{ 00 [1-] 01 }", POSITIVE),
        ("{ 00 [-] 01 }", POSITIVE),
        ("{ 00 01 } private", OPEN),
        ("/ab{1,100}/ wide fullword", ANY),
        ("/ab?c/i", ANY),
        ("/ab*/", POSITIVE),
        ("/ab+?/ wide", POSITIVE),
        ("/ab{2,}/", POSITIVE),
        ("/ab{8000}/ wide", ANY),
        ("/ab{9000}/ wide", POSITIVE),
        ("/\u20acb{2000}/", ANY),
        ("/\u20acb{3000}/", POSITIVE),
        ('"' + "\u20ac" * 1_800 + '"', ANY),
        ('"' + "\u20ac" * 2_000 + '"', POSITIVE),
        ("/ab+/ fullword", OPEN),
        ("/a(?i)b/", POSITIVE),
    ],
)
def test_a_string_counts_as_far_as_its_longest_match_is_known(
    string: str, decision: Decision
) -> None:
    assert judge("any of them", f"$a = {string}") is decision
    assert judge("$a", f"$a = {string}") is decision


def test_one_string_without_a_bound_is_enough_to_lose_exactness() -> None:
    assert judge("any of them", '$a = "x" $b = /x+y/') is POSITIVE
    assert judge("$a", '$a = "x" $_b = /x+y/') is POSITIVE


def test_a_regex_for_whole_words_is_exact_but_not_positive() -> None:
    strings = '$a = /a{1,3}/ fullword $b = "x"'
    assert judge("any of them", strings) is ANY
    assert judge("all of them", strings) is OPEN
    assert judge("$a or #b > 1", strings) is OPEN


def test_a_string_beside_the_condition_would_be_taken_for_a_match() -> None:
    assert judge("$a", '$a = "x" $_b = "y"') is POSITIVE
    assert judge("$a or $_b", '$a = "x" $_b = "y"') is ANY
    assert judge("any of ($a*)", '$a = "x" $_b = "y"') is POSITIVE


def test_strings_without_a_name_take_part_in_them_and_in_the_star() -> None:
    strings = '$ = "x" $ = "y" $b = "z"'
    assert judge("any of them", strings) is ANY
    assert judge("any of ($*)", strings) is ANY
    assert judge("$b", strings) is POSITIVE


def test_one_string_alone_is_exact_for_all_and_not_for_more_than_there_are() -> None:
    assert judge("all of them", '$a = "x"') is ANY
    assert judge("all of ($a*)", '$a = "x"') is ANY
    assert judge("2 of ($a*)", '$a = "x"') is POSITIVE
    assert judge("all of ($a, $a)", '$a = "x"') is POSITIVE


def test_a_private_rule_is_judged_like_any_other() -> None:
    assert judge("any of them", kind="private") is ANY


@pytest.mark.parametrize("kind", ["global", "private global", "global private"])
def test_a_global_rule_opens_every_rule_of_its_source_that_is_not_small(
    kind: str,
) -> None:
    rules = 'rule a { strings: $a = "x" condition: $a } '
    rules += "rule b { condition: filesize < 1MB } "
    assert decide(rules) == {"a": ANY, "b": SMALL}
    last = f'{kind} rule c {{ strings: $a = "x" condition: $a }}'
    assert decide(rules + last) == {"b": SMALL}
    assert decide(last + rules) == {"b": SMALL}


def test_text_that_is_not_understood_opens_the_rules_before_it() -> None:
    rules = 'rule a { strings: $a = "x" condition: $a } '
    rules += "rule b { condition: filesize < 1MB } "
    assert decide(rules + "what? global rule c { condition: true }") == {"b": SMALL}


def test_of_two_rules_with_one_name_only_what_both_say_counts() -> None:
    exact = 'rule a { strings: $a = "x" condition: $a } '
    small = "rule a { condition: filesize < 1MB } "
    assert decide(exact + exact) == {"a": ANY}
    assert decide(exact + small) == {"a": OPEN}
    assert decide(small + exact + small) == {"a": OPEN}
