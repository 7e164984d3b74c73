"""Behaviour of the reader of text in sections."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.disks.sections import sections

TEXT = b"""
# a comment { [
group {
    size = 8192 id = "a-\\"b"   list = ["pv0", 5,
        "pv1"] none = []
    inner { kind = word }
}
contents = "text"
"""


def test_sections_and_fields_come_back() -> None:
    root = sections(TEXT)
    group = root.section(b"group")
    assert group.number(b"size") == 8192
    assert group.text(b"id") == b'a-\\"b'
    assert group.fields[b"list"] == [b"pv0", 5, b"pv1"]
    assert group.fields[b"none"] == []
    assert group.section(b"inner").text(b"kind") == b"word"
    assert root.text(b"contents") == b"text"


def test_what_is_not_there_or_of_another_sort_is_nothing() -> None:
    group = sections(TEXT).section(b"group")
    assert (group.number(b"id"), group.text(b"size")) == (0, b"")
    assert (group.number(b"x"), group.text(b"none")) == (0, b"")
    assert not group.section(b"x").inside


@pytest.mark.parametrize(
    "text",
    [
        b"a = }",
        b"}",
        b"]",
        b"= =",
        b"[",
        b"a = \x01",
        b'"open',
        b"{" * 17,
        b"a {",
        b"a =",
    ],
)
def test_text_without_sense_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="makes no sense"):
        sections(text)


@given(st.text(st.sampled_from('a1{}=[]" #\n,'), max_size=40))
def test_arbitrary_text_is_no_trouble(text: str) -> None:
    with suppress(ValueError):
        sections(text.encode())
