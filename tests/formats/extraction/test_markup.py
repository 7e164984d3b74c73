"""The text of pages."""

import time

import pytest

from clearward.formats.extraction.markup import is_markup, text_of


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>evil<b>[.]</b>com</p>x", "\nevil[.]com\nx"),
        ("a<script>b.com</script>c<STYLE>d</STYLE\n>e", "ac\ne"),
        ("<a href='http://b.com/?a=1&amp;b=2'>here</a>", " http://b.com/?a=1&b=2 here"),
        ("<a href=mailto:a@b.com>x</a>", " a@b.com x"),
        ("<a href='/local'>x</a>", "x"),
        ("<td>a</td><td>b</td>", " a  b "),
        ("\u00fc<script>a</SCRIPT>b", "\u00fcb"),
        ("a<!-- b.com -->c", "ac"),
    ],
)
def test_a_page_says_what_is_read(page: str, text: str) -> None:
    assert text_of(page) == text


def test_pages_are_told_from_text() -> None:
    assert is_markup(b"\n<?xml version='1.0'?><a/>")
    assert is_markup(b"text <br> text")
    assert not is_markup(b"a < b and <c> d")


@pytest.mark.parametrize(
    "piece",
    ["<a<", "<a href=", "<script", "<script></script>", "&", "<a href='", "<!--"],
)
def test_a_hostile_megabyte_takes_no_second(piece: str) -> None:
    started = time.process_time()
    text_of(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 1
