"""Behaviour of the keys of AutoIt."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.formats.installers.autoit_keys import PIECE, lagged, mersenne, uncovered

# The first numbers of MT19937 from the seed 5489, as its authors publish them.
PUBLISHED = (3499211612, 581869302, 3890346734, 3586334585, 545404204)


def turned(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & 0xFFFFFFFF


def fractions(seed: int, count: int) -> list[float]:
    """The numbers between 0 and 1 that the lagged generator was published with."""
    words = []
    for _ in range(17):
        seed = (1 - seed * 0x53A9B4FB) % (1 << 32)
        words.append(seed)
    numbers = []
    one, two = 0, 10
    for _ in range(9 + count):
        word = words[one] = (turned(words[one], 9) + turned(words[two], 13)) % (1 << 32)
        one, two = (one - 1) % 17, (two - 1) % 17
        bits = (0x3FF << 52) | word << 20
        numbers.append(struct.unpack("<d", struct.pack("<Q", bits))[0] - 1)
    return numbers[9:]


def test_the_twister_gives_the_numbers_that_were_published() -> None:
    keys = next(mersenne(5489))
    assert tuple(keys[:5]) == tuple(number >> 1 & 0xFF for number in PUBLISHED)
    assert len(keys) == PIECE


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 0xFFFFFFFF))
def test_the_lagged_generator_gives_every_second_number(seed: int) -> None:
    stream = lagged(seed)
    keys = next(stream) + next(stream)
    expected = fractions(seed, 4 * PIECE)[1::2]
    assert keys == bytes(int(number * 256) for number in expected)


@given(st.binary(max_size=100), st.integers(0, 0xFFFF))
def test_what_was_covered_is_uncovered_with_the_same_keys(
    data: bytes, seed: int
) -> None:
    assert uncovered(uncovered(data, mersenne(seed)), mersenne(seed)) == data
