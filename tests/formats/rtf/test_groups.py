"""Behaviour of the reader of destinations."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import CHUNK, Reader
from clearward.formats.rtf import groups
from clearward.formats.rtf.groups import Groups

PIECES = [
    rb"{", rb"}", rb"\*", rb"\objdata ", rb"\pict", rb"\bin3 ", rb"\bin99999999 ",
    b"41", b"4", rb"\'41", rb"\word1", b"\\\\", b"\\", b" ", b"\0", rb"{\*\unknown ",
]  # fmt: skip


def read(data: bytes, *, literal: bool = False) -> list[bytes]:
    return [bytes(each.data) for each in Groups(Reader.of(data), literal=literal)]


@pytest.mark.parametrize(
    "inside",
    [
        rb"{\*\objdata 4142}",
        rb"{\*\objdata 41" + b"\r\n\t \0zq" + b"42}",
        rb"{\*\objdata\objupdate 4\par1\word9 142}",
        rb"{\*\objdata{\*\unknown 43{44}}4142}",
        rb"{\*\objdata{41{4}2}}",
        rb"{\*\objdata 4{\* \unknown 43}142}",
        rb"{\*\objdata \bin2 AB}",
        rb"{\*\objdata 41\bin0000000001 B}",
        rb"{\*\objdata 41\'4342}",
        rb"{\*\ObjData 41\{42\}}",
        rb"{\*\objdata{\object\objemb}4142}",
        rb"\objdata 41{}{}{}42}",
    ],
)
def test_what_hides_digits_is_passed_over(inside: bytes) -> None:
    assert read(rb"{\rtf1 text {\object " + inside + b"}}") == [b"AB"]


@pytest.mark.parametrize(
    "inside",
    [rb"\objdata 41{\*\unknown 42}}", rb"\objdata 41\'42}", rb"\objdata4142}"],
)
def test_the_literal_reading_takes_every_digit(inside: bytes) -> None:
    document = Groups(Reader.of(rb"{\rtf1 " + inside), literal=False)
    list(document)
    assert document.ambiguous
    assert read(rb"{\rtf1 " + inside, literal=True) == [b"AB"]


def test_bytes_as_they_are_hide_no_destination_from_the_literal_reading() -> None:
    data = rb"{\rtf1\bin99999 {\objdata 41}}"
    assert read(data) == []
    assert read(data, literal=True) == [b"A"]


def test_destinations_inside_each_other_are_told_apart() -> None:
    assert read(rb"{\objdata 41{\pict 42}43}") == [b"B", b"AC"]
    assert read(rb"{\objdata 41\objdata 42}") == [b"B", b"A"]


def test_an_escaped_backslash_begins_no_word() -> None:
    assert read(rb"{\rtf1 \\objdata 41}") == []
    assert read(rb"{\rtf1 \\\objdata 41}") == [b"A"]


def test_too_many_open_destinations_are_said() -> None:
    document = Groups(Reader.of(rb"{\objdata 41" * 100), literal=False)
    assert len(list(document)) == groups.MOST_OPEN
    assert document.deep
    assert document.cut


def test_a_destination_beyond_its_limit_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(groups, "MOST", 3)
    (found,) = Groups(Reader.of(rb"{\objdata 4142434445}"), literal=False)
    assert bytes(found.data) == b"ABC"
    assert not found.whole


@pytest.mark.parametrize("before", range(CHUNK - 40, CHUNK + 8, 3))
def test_what_lies_over_two_chunks_is_read(before: int) -> None:
    data = b"{" + b" " * before + rb"{\*\objdata 41\bin2 BC44}}"
    assert read(data) == [b"ABCD"]


@pytest.mark.parametrize(
    "unit", [b"{", b"{}", b"\\", b"\\a", b"\\objdata", b"\\bin1 ", b"\\'", b"{\\*\\a "]
)
def test_no_document_takes_longer_than_its_length_asks(unit: bytes) -> None:
    data = rb"{\rtf1{\objdata " + unit * ((1 << 18) // len(unit))
    start = time.process_time()
    read(data)
    assert time.process_time() - start < 3


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_tokens_give_no_more_than_the_document(tokens: list[bytes]) -> None:
    data = b"".join(tokens)
    for literal in (False, True):
        assert sum(map(len, read(data, literal=literal))) <= len(data)
