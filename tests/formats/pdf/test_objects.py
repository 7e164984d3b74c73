"""Behaviour of the reader of objects and strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.pdf.objects import (
    Dictionary,
    Name,
    Reference,
    String,
    Value,
    Word,
    read,
)
from clearward.formats.pdf.text import BRACKET, LEAST, Patience, literal, readable


def whole(text: bytes) -> Value:
    return read(text, 0, len(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b" % remark\n 12 ", 12),
        (b"-1.5", -1.5),
        (b"12 0 R", Reference(12, 0)),
        (b"/A#42#zz", Name(b"AB#zz")),
        (b"<4 1 4>", String(b"A@")),
        (b"(a\\(\\101\\\r\n(b))", String(b"a(A(b)")),
        (b"true", Word(b"true")),
        (b"[1[2 3 0 R]/A]", [1, [2, Reference(3, 0)], Name(b"A")]),
        (b"<</A 1/B<</C(d)>>/A 2>>", {b"A": [1, 2], b"B": [{b"C": [String(b"d")]}]}),
        (b"<</A 1 2 /B 3", {b"A": [1], b"B": [3]}),
        (b"", None),
        (b">>", None),
    ],
)
def test_objects_are_read(text: bytes, value: Value) -> None:
    assert whole(text) == value


def test_of_two_values_of_a_key_the_last_is_taken() -> None:
    found = whole(b"<</A 1/A 2>>")
    assert isinstance(found, Dictionary)
    assert found.get_last(b"A") == 2
    assert found.get_last(b"B", b"A") == 2
    assert found.get_last(b"B") is None


def test_nesting_has_no_depth() -> None:
    assert isinstance(whole(b"[" * 100_000), list)
    assert isinstance(whole(b"<</A" * 100_000), Dictionary)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xfe\xff\0a\x26\x3a", "a☺".encode()),
        (b"\xff\xfea\0", b"a"),
        (b"\xfe\xff\xd8\0", "\ufffd".encode()),
        (b"plain \xe9", b"plain \xe9"),
    ],
)
def test_strings_in_utf_16_are_readable(raw: bytes, text: bytes) -> None:
    assert readable(raw) == text


def test_a_string_without_an_end_ends_with_its_object() -> None:
    text = b"(abc (def) endobj 2 0 obj"
    assert literal(text, 1, len(text), Patience(len(text))) == (b"abc (def) ", 11)


def test_strings_without_an_end_are_looked_through_a_few_times_only() -> None:
    text = b"( endobj " * 20_000
    patience = Patience(len(text))
    place = 1
    while place < len(text):
        said, stop = literal(text, place, len(text), patience)
        assert said == b" "
        place = text.find(b"(", stop) + 1 or len(text)
    assert -len(text) * BRACKET < patience.left <= 0


def test_a_string_is_read_to_its_end_once_there_is_no_more_patience() -> None:
    patience = Patience(0)
    patience.left = 0
    text = rb"a \( plain one) and"
    assert literal(text, 0, len(text), patience) == (b"a ( plain one", 15)
    assert patience.left == 0 < LEAST


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_some_object_or_none(data: bytes) -> None:
    whole(data)
    text, place = literal(data, 0, len(data), Patience(len(data)))
    assert len(text) <= place <= len(data)
