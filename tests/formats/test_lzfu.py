"""Behaviour of the decoder of compressed RTF."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats import lzfu

# The examples of MS-OXRTFCP, 4.1.1 and 4.1.2.
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a0072637067313235423" + "20af32068656c0900"
    "20627705b06c647d0a800fa0"
)
OVERLAP = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def decode(data: bytes) -> bytes:
    return b"".join(lzfu.decoded(Reader.of(data)))


def test_the_examples_of_the_specification_are_decoded() -> None:
    text = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decode(HELLO) == text
    assert decode(OVERLAP) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


@given(st.binary(max_size=300))
def test_literals_come_back(text: bytes) -> None:
    runs = b"".join(b"\0" + text[at : at + 8] for at in range(0, len(text), 8))
    header = pack("<II4sI", len(runs) + 12, len(text), b"LZFu", 0)
    end = b"\x01\xff\xff" * 9  # so that no run is cut short
    assert decode(header + runs + end)[: len(text)] == text


def test_what_is_not_compressed_is_passed_on() -> None:
    assert decode(pack("<II4sI", 16, 4, b"MELA", 0) + b"text") == b"text"


def test_other_kinds_are_refused() -> None:
    with pytest.raises(Malformed, match="kind"):
        decode(b"x" * 20)


def test_a_text_cut_short_is_truncated_and_what_was_there_is_given() -> None:
    chunks = lzfu.decoded(Reader.of(HELLO[:-10]))
    assert next(chunks).startswith(b"{\\rtf1\\ansi")
    with pytest.raises(Truncated):
        next(chunks)


@given(st.binary(max_size=500))
def test_arbitrary_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        decode(pack("<II4sI", 0, 1 << 31, b"LZFu", 0) + data)
    except Malformed as error:
        assert 0 <= error.offset <= len(data) + 16
