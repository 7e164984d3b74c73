"""Markings in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.markings import MARKINGS
from clearward.rules.lint import phrases

STRONG = [one.text for one in MARKINGS if not one.weak]


@pytest.mark.parametrize("text", STRONG)
def test_every_marking_is_found_in_any_case(text: str) -> None:
    for form in (text, text.lower(), text.title(), f"This is {text}, page 1"):
        assert phrases.marking([form])


@pytest.mark.parametrize(
    "text",
    [
        "stop secretly",
        "laptop secrets",
        "client_secret",
        "C:\\work\\top_secret\\a.pdb",
        "top-secret.dll",
        "neuse cretan",
        "secret",
        "classified",
        "",
    ],
)
def test_other_words_are_no_marking(text: str) -> None:
    assert phrases.marking([text]) is None


@pytest.mark.parametrize("text", ["SECRET", " geheim. ", "Confidential"])
def test_weak_words_alone_are_known(text: str) -> None:
    assert phrases.weak(text)


@pytest.mark.parametrize(
    "texts",
    [
        ["TOP", "SECRET"],
        ["other", "TOP SEC", "RET"],
        ["STR", "ENG GE", "HEIM"],
        ["NATO SEC", "RET//"],
    ],
)
def test_pieces_are_put_together(texts: list[str]) -> None:
    assert phrases.joined(texts)


@pytest.mark.parametrize(
    "texts", [["top", "secrets of the trade"], ["desktop secret", "key"], ["TOP"], []]
)
def test_pieces_of_something_else_are_not(texts: list[str]) -> None:
    assert phrases.joined(texts) is None


@given(st.integers(0, 255), st.sampled_from(["utf-8", "utf-16-le"]))
def test_one_byte_of_xor_hides_nothing(key: int, code: str) -> None:
    hidden = [one ^ key for one in "STRENG GEHEIM".encode(code)]
    assert phrases.hidden([[1, 2, None], hidden]) == "STRENG GEHEIM"


def test_what_is_partly_unknown_is_not_compared() -> None:
    assert phrases.hidden([[None, *b"STRENG GEHEIM"]]) is None


@given(st.lists(st.text()))
def test_any_texts_are_read(texts: list[str]) -> None:
    phrases.marking(texts)
    phrases.joined(texts)
