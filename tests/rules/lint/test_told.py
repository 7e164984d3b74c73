"""Spying rules are told, and others are not."""

import hashlib

import pytest
from support.spies import MALWARE, MARKED, WORDS, marked, worded

from clearward.core.names import Table
from clearward.rules.lint.finding import MARKING
from clearward.rules.lint.told import told
from clearward.rules.source import Archive, Source


def linted(*texts: str | bytes, kind: str = "yara") -> Table:
    return told(
        [
            Source(number, f"{number}.{kind}", kind, "local", raw(text))
            for number, text in enumerate(texts)
        ]
    )


def raw(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def kinds(table: Table, name: str = "spy") -> set[str]:
    return {why for rule in table.rules if rule.name == name for why, _ in rule.meta}


@pytest.mark.parametrize("strings", MARKED.values(), ids=MARKED)
def test_a_marking_is_found_however_it_is_written(strings: str) -> None:
    assert MARKING in kinds(linted(marked(strings)))


@pytest.mark.parametrize("pair", WORDS.values(), ids=WORDS)
def test_words_of_people_are_for_review(pair: str) -> None:
    assert kinds(linted(worded(pair))) & {"document-words", "document-type"}
    assert MARKING not in kinds(linted(worded(pair)))


def test_rules_against_malware_have_no_finding() -> None:
    assert linted(MALWARE).rules == ()


def test_a_row_names_the_source_of_the_rule() -> None:
    table = linted(MALWARE, marked(MARKED["plain"]))
    assert [(rule.source, rule.name) for rule in table.rules] == [(1, "spy")]


def test_how_many_rules_were_read_is_said() -> None:
    table = linted(marked(MARKED["plain"]), "rule a { condition: true }")
    assert table.left == (("rules", 2),)


@pytest.mark.parametrize("text", [b"rule a { condition", b"\xff\xfe"])
def test_what_cannot_be_read_is_a_problem(text: bytes) -> None:
    table = linted(marked(MARKED["plain"]), text)
    assert [problem.source for problem in table.problems] == [1]
    assert kinds(table) >= {MARKING}


def test_rules_before_what_cannot_be_read_are_judged() -> None:
    table = linted(marked(MARKED["plain"]) + "rule broken {")
    assert MARKING in kinds(table)
    assert table.problems[0].fatal


def test_a_rule_that_does_not_compile_is_still_read() -> None:
    spy = 'rule spy { strings: $a = "TOP SECRET" condition: $a and nothing.known }'
    assert MARKING in kinds(linted(spy))


def test_rules_of_one_name_in_an_archive_are_judged_each_for_itself() -> None:
    bad, good = marked(MARKED["plain"]).encode(), b"rule spy { condition: true }"
    members = tuple(
        Source(0, "a.yar.zip", "yara", "local", text, member=name)
        for name, text in (("1.yar", good), ("2.yar", bad), ("3.yar", b"rule {"))
    )
    source = Source(0, "a.yar.zip", "yara", "local", b"PK", Archive(members))
    table = told([source])
    assert {rule.place("a") for rule in table.rules} == {"a: 2.yar"}
    assert MARKING in kinds(table)
    (problem,) = table.problems
    assert problem.message.startswith("3.yar: cannot be taken apart")
    assert table.digests == (hashlib.sha256(b"PK").hexdigest(),)


def test_an_archive_that_is_refused_is_a_problem() -> None:
    source = Source(0, "a", "yara", "local", b"PK", Archive(refused="is damaged"))
    (problem,) = told([source]).problems
    assert (problem.message, problem.fatal) == ("is damaged", True)
