"""Behaviour of the writer of AutoIt's tokens."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.autoit import token

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Stream
from clearward.formats.installers.autoit_script import text


def written(tokens: bytes, lines: int = 1) -> bytes:
    whole = struct.pack("<I", lines) + tokens
    return b"".join(text(Stream(iter([whole])), "test"))


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (b"\0" + struct.pack("<I", 1), b"And"),
        (b"\0" + struct.pack("<I", 99), b"99"),
        (b"\1" + struct.pack("<I", 7), b"function7"),
        (b"\5" + struct.pack("<I", 7), b"7"),
        (b"\x10" + struct.pack("<Q", 1 << 40), b"1099511627776"),
        (b"\x20" + struct.pack("<d", 0.5), b"0.5"),
        (token(0x30, "FUNC") + token(0x34, "NAME"), b"FUNC NAME"),
        (token(0x32, "ERROR") + b"\x50" + token(0x33, "A"), b"@ERROR==$A"),
        (token(0x33, "O") + token(0x35, "M") + b"\x47\x48", b"$O.M()"),
        (token(0x36, 'say "no"'), b'"say ""no"""'),
        (b"\x58", b":"),
    ],
)
def test_each_token_has_its_text(tokens: bytes, expected: bytes) -> None:
    assert written(tokens + b"\x7f") == expected + b"\n"


def test_what_came_before_an_unknown_token_is_written() -> None:
    whole = struct.pack("<I", 3) + token(0x34, "A") + b"\x7f\x60"
    pieces = text(Stream(iter([whole])), "test")
    assert next(pieces) == b"A\n"
    with pytest.raises(Malformed, match="token"):
        next(pieces)


def test_tokens_that_end_early_are_truncated() -> None:
    with pytest.raises(Truncated):
        written(token(0x34, "NAME"))
    with pytest.raises(Truncated):
        written(token(0x34, "NAME")[:-1])


def test_a_text_of_nonsense_length_is_damage() -> None:
    with pytest.raises(Malformed):
        written(b"\x30\xff\xff\xff\xff")


@given(st.binary(max_size=100), st.integers(0, 5))
def test_arbitrary_bytes_give_text_or_an_error(tokens: bytes, lines: int) -> None:
    with suppress(Malformed):
        written(tokens, lines)
