"""Text becomes lower case with one space at a time, as clamscan has it."""

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.normalise import needs_sigtool, text_by_sigtool

from clearward.formats.normalise.text import _BLOCK, normalise

FEW = st.text(alphabet="aZ \t\n\x00\x7fé", max_size=60).map(
    lambda text: text.encode("latin-1")
)


def plainly(data: bytes) -> bytes:
    """Normalise in the most obvious way."""
    kept = re.sub(rb"[\x00-\x08\x0e-\x1f\x80-\xff]", b"", data)
    return re.sub(rb"[\t\n\v\f\r ]+", b" ", kept).lower()


def test_letters_become_lower_case() -> None:
    assert normalise(b"NeeDLE@[`{") == b"needle@[`{"


def test_white_space_of_any_kind_becomes_one_space() -> None:
    assert normalise(b"a\t\n\v\f\r  b c") == b"a b c"


def test_white_space_at_both_ends_stays_as_one_space() -> None:
    assert normalise(b"\n\n text \r\n") == b" text "


def test_control_bytes_and_bytes_of_other_alphabets_are_dropped() -> None:
    assert normalise(b"\xef\xbb\xbfa\x00\x1b\xe9b\x7f") == b"ab\x7f"


def test_what_is_dropped_does_not_end_a_row_of_spaces() -> None:
    assert normalise(b"a \x01 \xe9 b") == b"a b"


def test_utf_16_comes_out_as_its_letters() -> None:
    assert normalise("\ufeffNee  DLE".encode("utf-16-le")) == b"nee dle"
    assert normalise("\ufeffNee  DLE".encode("utf-16-be")) == b"nee dle"


def test_an_empty_text_stays_empty() -> None:
    assert normalise(b"") == b""


@pytest.mark.parametrize("before", range(_BLOCK - 3, _BLOCK + 3))
def test_a_row_of_spaces_across_the_border_of_two_blocks_is_one(before: int) -> None:
    assert normalise(b"A" * before + b"\n \t" + b"B") == b"a" * before + b" b"


def test_a_row_of_spaces_with_blocks_of_nothing_in_it_is_one() -> None:
    data = b"a" + b" " * _BLOCK + b"\x00" * 2 * _BLOCK + b" " * _BLOCK + b"b"
    assert normalise(data) == b"a b"


@given(st.binary() | FEW)
def test_any_bytes_become_what_the_plain_way_makes_of_them(data: bytes) -> None:
    assert normalise(data) == plainly(data)


@given(st.binary() | FEW)
def test_normalised_text_stays_as_it_is(data: bytes) -> None:
    once = normalise(data)
    assert normalise(once) == once


@pytest.mark.parametrize(
    "unit", [b" ", b"a ", b"a  ", b"\n\t", b"\x00", b" \x00", b"\xe9", b"text"]
)
def test_no_text_takes_longer_than_its_length_asks(unit: bytes) -> None:
    data = unit * ((4 << 20) // len(unit))
    start = time.process_time()
    normalise(data)
    assert time.process_time() - start < 1


@needs_sigtool
def test_sigtool_makes_the_same_of_every_byte(tmp_path: Path) -> None:
    data = b"".join(b"Q" + bytes([byte]) + b"Z" for byte in range(256))
    assert normalise(data) == text_by_sigtool(data, tmp_path)


@needs_sigtool
def test_sigtool_makes_the_same_of_random_text(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - a test that can be repeated
    for _ in range(20):
        data = bytes(chance.choices(b"aZ \t\n\x00\x7f\xe9", k=chance.randrange(2000)))
        assert normalise(data) == text_by_sigtool(data, tmp_path)
