"""Behaviour of the perceptual hash."""

from math import cos, pi

from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.formats.pictures.perceptual import SIDE, perceptual_hash

points = st.binary(min_size=SIDE * SIDE, max_size=SIDE * SIDE)


def slowly(values: bytes) -> tuple[list[float], float]:
    """The 64 lowest frequencies by their definition, and their median."""
    waves = [
        [cos(pi * (2 * x + 1) * number / (2 * SIDE)) for x in range(SIDE)]
        for number in range(8)
    ]
    rows = [values[at : at + SIDE] for at in range(0, SIDE * SIDE, SIDE)]
    narrow = [
        [sum(a * b for a, b in zip(row, wave, strict=True)) for wave in waves]
        for row in rows
    ]
    found = [
        sum(wave[y] * narrow[y][u] for y in range(SIDE))
        for wave in waves
        for u in range(8)
    ]
    ordered = sorted(found)
    return found, (ordered[31] + ordered[32]) / 2


@settings(max_examples=20)
@given(points)
def test_a_bit_says_whether_a_frequency_is_above_the_median(values: bytes) -> None:
    bits = f"{int.from_bytes(perceptual_hash(values)):064b}"
    found, median = slowly(values)
    for bit, value in zip(bits, found, strict=True):
        if abs(value - median) > 1e-6:
            assert (bit == "1") is (value > median)


def test_of_one_colour_only_the_first_frequency_is_above() -> None:
    assert perceptual_hash([7] * 1024) == bytes.fromhex("8000000000000000")
    assert perceptual_hash([0] * 1024) == bytes(8)


@given(st.lists(st.integers(0, 255), min_size=16, max_size=16))
def test_rounding_decides_nothing_about_what_is_symmetric(half: list[int]) -> None:
    row = half + half[::-1]
    bits = f"{int.from_bytes(perceptual_hash(row * SIDE)):064b}"
    assert set(bits[8:]) <= {"0"}  # rows are alike
    assert set(bits[1:8:2]) <= {"0"}
