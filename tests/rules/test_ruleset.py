"""Behaviour of all rules as one matcher."""

import hashlib

import pytest

from clearward.rules.hashes import DigestSet
from clearward.rules.ruleset import Hit, RuleSet
from clearward.rules.source import Source
from clearward.rules.yara import YaraRules, compile_yara

# Put together at run time, so that no scanner takes this file for the test file.
TEST_FILE = (
    rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
)


def yara(condition: str = "$a", first: int = 1) -> YaraRules:
    text = f'rule a {{ strings: $a = "EICAR" $_b = "y" condition: {condition} }}'
    made, _ = compile_yara([Source(0, "", "yara", "local", text.encode())], first)
    assert made is not None
    return made


def digests(data: bytes) -> tuple[DigestSet, ...]:
    return (
        DigestSet("md5", [(hashlib.md5(data, usedforsecurity=False).digest(), 5)]),
        DigestSet("sha1", [(bytes(20), 6)]),
        DigestSet("sha256", [(hashlib.sha256(data).digest(), 7)]),
    )


def test_nothing_is_found_without_rules() -> None:
    empty = RuleSet(None, (), None)
    assert empty.match(TEST_FILE) == []
    assert list(empty.explain(TEST_FILE)) == []
    assert not empty.needs_whole


def test_every_kind_of_rule_is_asked() -> None:
    found = RuleSet(0, digests(TEST_FILE), yara())
    assert found.match(TEST_FILE) == [0, 1, 5, 7]
    assert found.match(b"EICAR") == [1]
    assert found.match(TEST_FILE + b"\n") == [0, 1]
    assert found.match(b"") == []


def test_explanations_tell_places() -> None:
    rules = RuleSet(0, digests(TEST_FILE), yara())
    assert list(rules.explain(TEST_FILE)) == [
        Hit(0, 0, 68),
        Hit(5, 0, 68),
        Hit(7, 0, 68),
        Hit(1, 28, 5, 0),
    ]


def test_windows_know_the_same_rules() -> None:
    windows = RuleSet(0, digests(TEST_FILE), yara()).windows()
    assert list(windows.feed(TEST_FILE)) == []
    assert {hit.rule for hit in windows.finish()} == {0, 1, 5, 7}


def test_the_test_file_can_be_left_out() -> None:
    rules = RuleSet(None, (), None)
    assert rules.match(TEST_FILE) == []
    assert list(rules.windows().feed(TEST_FILE)) == []


@pytest.mark.parametrize(
    ("condition", "needs_whole"), [("$a or $_b", False), ("all of them", True)]
)
def test_a_whole_part_is_needed_if_a_yara_rule_needs_one(
    condition: str,
    needs_whole: bool,  # noqa: FBT001
) -> None:
    assert RuleSet(0, (), yara(condition)).needs_whole is needs_whole
