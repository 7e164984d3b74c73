"""Products modulo 2^32, compiled and in Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.reputation import matrix
from clearward.reputation.matrix import NUMBER, pack, times, unpack


@given(st.data(), st.integers(1, 9), st.integers(1, 9), st.integers(0, 9))
def test_what_is_compiled_multiplies_as_python_does(
    data: st.DataObject, columns: int, width: int, rows: int
) -> None:
    size = columns * width * NUMBER
    left = data.draw(st.binary(min_size=rows * columns, max_size=rows * columns))
    right = data.draw(st.binary(min_size=size, max_size=size))
    made = matrix.multiply(left, right, columns, width)
    assert len(made) == rows * width * NUMBER
    assert made == matrix.multiplied_plainly(left, right, columns, width)


NUMBERS = st.lists(st.integers(0, (1 << 32) - 1), min_size=4, max_size=4)


@given(st.lists(NUMBERS, max_size=6), NUMBERS)
def test_numbers_times_numbers_are_what_they_are(
    rows: list[list[int]], vector: list[int]
) -> None:
    due = [
        sum(one * other for one, other in zip(row, vector, strict=True)) % (1 << 32)
        for row in rows
    ]
    assert times(pack([one for row in rows for one in row]), 4, vector) == due


@given(st.lists(st.integers(-(1 << 40), 1 << 40)))
def test_numbers_come_back_modulo_two_to_the_32nd(numbers: list[int]) -> None:
    assert unpack(pack(numbers)) == [one % (1 << 32) for one in numbers]


@pytest.mark.parametrize(
    ("left", "right", "columns", "width"),
    [
        (b"abc", bytes(8), 2, 1),
        (b"ab", bytes(4), 2, 1),
        (b"ab", bytes(9), 2, 1),
        (b"", b"", 0, 1),
        (b"", b"", 1, 0),
        (b"", b"", -1, 1),
        (b"", b"", 1, -1),
        (b"", b"", 1 << 62, 1 << 62),
    ],
)
def test_matrices_that_do_not_fit_are_refused(
    left: bytes, right: bytes, columns: int, width: int
) -> None:
    compiled = pytest.importorskip("clearward.reputation._compiled")
    with pytest.raises(ValueError, match="fit"):
        compiled.multiply(left, right, columns, width)
