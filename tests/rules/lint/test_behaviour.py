"""Strings are tried on markings."""

from clearward.rules import lexer
from clearward.rules.lint.behaviour import tried


def found(*strings: str) -> list[str]:
    text = "".join(
        f"rule r{number} {{ strings: $a = {string} condition: $a }}"
        for number, string in enumerate(strings)
    )
    rules = {"0": list(lexer.read(text))}
    return [marking for _, _, _, marking in tried(rules)]


def test_a_string_that_matches_a_marking_looks_for_it() -> None:
    assert found('"TOP SECRET" wide') == ["TOP SECRET"]


def test_ranges_around_a_marking_do() -> None:
    assert found("/[S-U][N-P][O-Q] [R-T][D-F][B-D][Q-S][D-F][S-U]/") == ["TOP SECRET"]


def test_most_of_a_marking_is_enough() -> None:
    assert found('"OP SECRET"') == ["TOP SECRET"]


def test_a_string_for_any_words_does_not() -> None:
    assert found("/[A-Z]{3} [A-Z]{6}/", "/./", "{ 20 [0-9] 20 }", '"SECRET"') == []


def test_one_ordinary_word_of_a_marking_does_not() -> None:
    assert (
        found('"confidential" nocase', '"Restricted" nocase', '"vertraulich" nocase')
        == []
    )


def test_a_string_that_does_not_compile_harms_no_other() -> None:
    assert found("/[\N{CYRILLIC SMALL LETTER A}]/", '"NOFORN"') == ["NOFORN"]


def test_rules_without_strings_are_passed() -> None:
    rules = {"0": list(lexer.read("rule a { condition: true }"))}
    assert list(tried(rules)) == []
