"""Arrays of numbers as little-endian bytes, on every machine."""

import sys
from array import array


def words(numbers: "list[int] | range | array[int]") -> bytes:
    """Return numbers below 2**32 as 4 bytes each.

    Raises:
        OverflowError: one of them is not.
    """
    return little(array(_WORD, numbers))


def little(numbers: "array[int]") -> bytes:
    """Return the numbers of an array in its own width."""
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


# What C calls "unsigned int" has 4 bytes wherever CPython runs; checked all the same.
_WORD = next(code for code in "IL" if array(code).itemsize == 4)  # noqa: PLR2004 - bytes
