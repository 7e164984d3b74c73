"""Words, documents and code are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.lexer import String
from clearward.rules.lint.language import Said, is_name, of_text, said


@pytest.mark.parametrize(
    "text",
    [
        "GLASS LANTERN",
        "Operation Glass Lantern",
        "Wolfsschanze",
        "Dear colleagues, the draft is attached.",
        "jane@example.org",
        "Az. 12-345/2023",
        "<dc:creator>Jane Example</dc:creator>",
        "/Author (Jane Example)",
        "Subject: summer party",
        "\u7ed9\u6240\u6709\u540c\u4e8b",
    ],
)
def test_words_are_told(text: str) -> None:
    assert of_text(text) is Said.WORDS


@pytest.mark.parametrize(
    "text",
    [
        "%PDF-1.4",
        "word/document.xml",
        "{\\rtf1",
        ".docx",
        "[Content_Types].xml",
        "<w:t>",
    ],
)
def test_marks_of_documents_are_told(text: str) -> None:
    assert of_text(text) is Said.DOCUMENT


@pytest.mark.parametrize(
    "text",
    [
        "kernel32.dll",
        "cmd /c del %s",
        "WriteProcessMemory",
        "Failed to open process",
        "-p -n --quiet",
        "/etc/passwd",
        "192.0.2.1",
        "abc",
        "",
    ],
)
def test_everything_else_is_code(text: str) -> None:
    assert of_text(text) is Said.CODE


@pytest.mark.parametrize(
    "text",
    [
        "{ 47 4C 41 53 53 20 4C 41 4D 50 }",
        "{ 47 00 4C 00 41 00 53 00 53 00 }",
        "/Glass +Lantern/i",
        '"Gr\u00fcne Laterne"',
    ],
)
def test_the_way_it_is_written_does_not_matter(text: str) -> None:
    assert said(String("$a", text, "")) is Said.WORDS


def test_bytes_with_holes_are_code() -> None:
    assert said(String("$a", "{ 47 ?? 41 53 53 }", "")) is Said.CODE


@pytest.mark.parametrize(("text", "name"), [('"Lantern"', True), ('"lantern"', False)])
def test_one_small_word_is_no_name(text: str, name: bool) -> None:  # noqa: FBT001 - a case
    assert is_name(String("$a", text, "")) is name


@given(st.text())
def test_any_text_is_something(text: str) -> None:
    assert of_text(text) in Said
