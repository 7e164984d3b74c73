"""Behaviour of the decoder of LZMS in Python."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lzms import Item, literals, packed

from clearward.formats.lz.lzms.codes import LONGEST, lengths
from clearward.formats.lz.lzms.decoder import (
    DISTANCE,
    DISTANCE_BITS,
    LENGTH,
    LENGTH_BITS,
    chunk,
)
from clearward.formats.lz.lzms.programs import restored


@settings(deadline=None, max_examples=30)
@given(st.binary(min_size=5, max_size=200))
def test_bytes_come_back(data: bytes) -> None:
    expected = bytearray(data)
    restored(expected)
    assert chunk(literals(data), len(data)) == expected


def test_codes_learn_and_forget() -> None:
    data = b"".join(bytes([n * n % 97, n % 5]) for n in range(3000))
    assert chunk(literals(data), len(data)) == data


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([*b"abc", (3, 6)], b"abcabcabc", id="into itself"),
        pytest.param([*b"abcd", (4, 2), 7, (4, 2)], b"abcdab\7da", id="a distance"),
        pytest.param([*b"abcd", (2, 2), 1, ("0", 1)], b"abcdcd\1d", id="the last"),
        pytest.param(
            [*b"abcd", (4, 1), (2, 1), ("0", 1)], b"abcdadc", id="not the one just used"
        ),
        pytest.param(
            [*b"abcd", (4, 1), (2, 1), 5, ("1", 1)], b"abcdad\5d", id="one before"
        ),
        pytest.param([*b"abcd", ("2", 2)], b"abcdbc", id="what stands there first"),
        pytest.param([1, 2, 4, (0, 1, 3)], bytes([1, 2, 4, 6, 8, 10]), id="delta"),
        pytest.param(
            [0, 0, 9, 1, (1, 1, 4)], bytes([0, 0, 9, 1, 18, 2, 27, 3]), id="wide delta"
        ),
        pytest.param(
            [1, 2, 4, (0, 1, 1), 9, (None, 0, 1)],
            bytes([1, 2, 4, 6, 9, 12]),
            id="delta again",
        ),
    ],
)
def test_matches_copy(items: list[Item], expected: bytes) -> None:
    assert chunk(packed(items, len(expected)), len(expected)) == expected


@pytest.mark.parametrize(
    "item",
    [(4, 2), (3, 9), (0, 3, 2), (2, 1, 2), (0, 1, 9), ("2", 8)],
    ids=["far", "long", "far delta", "wide delta", "long delta", "long again"],
)
def test_what_stands_before_damage_comes_back(item: Item) -> None:
    assert chunk(packed([*b"abc", item], 9), 9) == b"abc"


def test_a_chunk_of_too_few_or_odd_bytes_has_nothing() -> None:
    assert chunk(b"\0\0", 9) == chunk(b"abcde", 9) == b""


def test_slots_are_as_many_and_as_wide_as_they_have_to_be() -> None:
    assert (len(DISTANCE_BITS), len(LENGTH_BITS)) == (799, 54)
    assert DISTANCE[:12] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17, 21]
    assert (LENGTH[26], LENGTH_BITS[26], LENGTH_BITS[-1]) == (27, 1, 30)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=60))
def test_words_fill_the_code_and_rare_symbols_have_longer_ones(
    counts: list[int],
) -> None:
    found = lengths(counts)
    assert sum(1 << LONGEST - length for length in found) == 1 << LONGEST
    for one, count in zip(found, counts, strict=True):
        for other, more in zip(found, counts, strict=True):
            assert one >= other or count >= more


def test_no_word_is_too_long() -> None:
    counts = [1, 1]
    while len(counts) < 30:
        counts.append(counts[-1] + counts[-2])
    found = lengths(counts)
    assert max(found) == LONGEST
    assert sum(1 << LONGEST - length for length in found) == 1 << LONGEST


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200), st.integers(0, 3000))
def test_arbitrary_bytes_give_no_more_than_asked_for(data: bytes, size: int) -> None:
    assert len(chunk(data, size)) <= size
