"""Tests of numbers as bytes."""

import sys
from array import array

import pytest

from clearward.rules.image.words import little, words


def test_words_are_four_bytes_each_and_little_endian() -> None:
    assert words([1, 0xFFFFFFFE]) == b"\1\0\0\0\xfe\xff\xff\xff"
    with pytest.raises(OverflowError):
        words([1 << 32])


def test_a_machine_of_the_other_order_writes_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swapped = array("Q", [1, 2])
    if sys.byteorder == "little":
        swapped.byteswap()
    monkeypatch.setattr(sys, "byteorder", "big")
    assert little(swapped) == bytes([1, *bytes(7), 2, *bytes(7)])
