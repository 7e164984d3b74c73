"""Products of matrices modulo 2^32: bytes times numbers of four bytes, little-endian.

Matrices are bytes, row behind row. `matrix.c` does the same as the Python below, some
hundred times as fast; where it was not built, this is what runs.
"""

import struct
from collections.abc import Callable
from operator import mul

from typing_extensions import Buffer

NUMBER = 4  # bytes
_WORD = (1 << 32) - 1

_multiply: Callable[[Buffer, Buffer, int, int], bytes] | None
try:
    from clearward.reputation._compiled import multiply as _multiply
except ImportError:  # there was no compiler
    _multiply = None


def multiply(left: Buffer, numbers: Buffer, columns: int, width: int) -> bytes:
    """Return the product of two matrices, numbers again.

    Args:
        left: bytes, so many columns.
        numbers: as many rows as `left` has columns.
        columns: of the left, above 0.
        width: columns of the right, above 0.
    """
    if _multiply is not None:
        return _multiply(left, numbers, columns, width)
    return multiplied_plainly(left, numbers, columns, width)


def multiplied_plainly(
    left: Buffer, numbers: Buffer, columns: int, width: int
) -> bytes:
    """Return what `multiply` does, in plain Python: this says what is right."""
    held = bytes(left)
    right = unpack(bytes(numbers))
    across = [right[place::width] for place in range(width)]
    rows = (held[at : at + columns] for at in range(0, len(held), columns))
    return pack([sum(map(mul, row, column)) for row in rows for column in across])


def pack(numbers: list[int]) -> bytes:
    """Return numbers as bytes, modulo 2^32."""
    return struct.pack(f"<{len(numbers)}I", *(one & _WORD for one in numbers))


def unpack(data: bytes) -> list[int]:
    """Return numbers that bytes hold."""
    return list(struct.unpack(f"<{len(data) // NUMBER}I", data))


def times(matrix: Buffer, columns: int, vector: list[int]) -> list[int]:
    """Return the product of a matrix of numbers and a column of them.

    A number is its four bytes times powers of 256, so these go to the other side.

    Args:
        matrix: numbers, so many columns.
        columns: of the matrix, as many as the vector is long.
        vector: numbers.
    """
    spread = pack([one << 8 * place for one in vector for place in range(NUMBER)])
    return unpack(multiply(matrix, spread, columns * NUMBER, 1))
