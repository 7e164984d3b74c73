"""Behaviour of compressed rich text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.mapi import rich

# MS-OXRTFCP 3.1 and 3.2
SIMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af320"
    "68656c090020627705b06c647d0a800fa0"
)
REACHING = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def text(data: bytes) -> bytes:
    return b"".join(rich.expand(Reader.of(data), "x"))


def test_the_examples_of_the_specification_are_read() -> None:
    assert text(SIMPLE) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert text(REACHING) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_plain_text_is_as_it_is() -> None:
    assert text(rich.HEADER.pack(0, 0, rich.PLAIN, 0) + b"content") == b"content"


def test_damage_is_reported() -> None:
    with pytest.raises(Truncated):
        text(SIMPLE[:-2])
    with pytest.raises(Truncated):
        text(SIMPLE[:9])
    with pytest.raises(Malformed):
        text(SIMPLE.replace(b"LZFu", b"LZFx"))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_text_or_an_error(data: bytes) -> None:
    with suppress(Malformed):
        assert text(SIMPLE[:16] + data)
