"""Behaviour of modifiers: what bytes are meant as."""

import re

import pytest

from clearward.native.layout import Border
from clearward.rules.clamav.form import PLAIN, Form, within
from clearward.rules.clamav.model import Bytes, Edge, Masked, Skip

WIDE, FOLDED, BOTH = Form(wide=True), Form(folded=True), Form(wide=True, folded=True)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (PLAIN, Bytes(b"a1Z")),
        (WIDE, Bytes(b"a\x001\0Z\0")),
        (FOLDED, Masked(b"A1Z", b"\xdf\xff\xdf")),
        (BOTH, Masked(b"A\x001\0Z\0", b"\xdf\xff\xff\xff\xdf\xff")),
    ],
)
def test_bytes_are_written_in_a_form(form: Form, expected: Bytes | Masked) -> None:
    assert form.plain(b"a1Z") == expected


def test_bytes_without_letters_have_no_case() -> None:
    assert FOLDED.plain(b"[1\xe4") == Bytes(b"[1\xe4")


def test_a_wide_wildcard_is_followed_by_a_zero_byte() -> None:
    assert PLAIN.anything(2) == Skip(2)
    assert WIDE.anything(2) == Masked(bytes(4), b"\0\xff\0\xff")


def test_half_a_byte_is_a_mask_and_keeps_its_case() -> None:
    assert PLAIN.halves("6??1") == Masked(b"\x60\x01", b"\xf0\x0f")
    assert FOLDED.halves("6?") == Masked(b"\x60", b"\xf0")
    assert BOTH.halves("6??1") == Masked(b"\x60\0\x01\0", b"\xf0\xff\x0f\xff")


def test_only_the_border_of_alphanumeric_text_is_wide() -> None:
    assert WIDE.border(Border.NOT_ALPHANUMERIC, negated=True) == Edge(
        Border.WIDE, negated=True
    )
    assert WIDE.border(Border.WORD, negated=False) == Edge(Border.WORD)
    assert PLAIN.border(Border.NOT_ALPHANUMERIC, negated=False) == Edge(
        Border.NOT_ALPHANUMERIC
    )


def taken(edge: Edge) -> bytes:
    """Return every byte that a border within a piece takes."""
    choice = within(edge)
    found = set()
    for (element,) in choice.alternatives:
        value, mask = (
            (element.values[0], element.masks[0])
            if isinstance(element, Masked)
            else (element.data[0] if isinstance(element, Bytes) else 0, 0xFF)
        )
        found |= {byte for byte in range(256) if byte & mask == value}
    return bytes(byte for byte in range(256) if (byte in found) != choice.negated)


@pytest.mark.parametrize("kind", [Border.NOT_ALPHANUMERIC, Border.WIDE])
def test_within_a_piece_a_border_takes_a_byte(kind: Border) -> None:
    every = bytes(range(256))
    assert taken(Edge(kind)) == re.sub(rb"[0-9A-Za-z]", b"", every)
    assert taken(Edge(kind, negated=True)) == re.sub(rb"[^0-9A-Za-z]", b"", every)


def test_lines_and_words_have_their_own_borders() -> None:
    assert taken(Edge(Border.LINE)) == b"\n"
    assert taken(Edge(Border.WORD)) == b"\n\r \"'-./<=>@_"
