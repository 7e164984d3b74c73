"""Private retrieval from one server, an experiment: which column was asked for?

The server holds a matrix D of bytes. A is a public matrix of numbers, and H = D A, the
hint, is fetched once a release. For a column the client sends

    q = A s + e + 2^24 u        modulo 2^32

with a secret s, small errors e, and u, which is 1 at the column and else 0. Without s
that looks like noise (learning with errors), whichever column it is. The server answers
D q, for which it reads all of D; D q - H s is 2^24 times the column, and D e, which is
too small to matter.

1,024 numbers of s, modulo 2^32, errors with a deviation of 6.4: 128 bits, by the paper,
for bytes and up to 2^17 columns.

Source: Henzinger, Hong, Corrigan-Gibbs, Meiklejohn, Vaikuntanathan, One Server for the
Price of Two, USENIX Security 2023 (SimplePIR), section 4 and appendix C.
"""

import hashlib
import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from clearward.core.errors import Malformed, Refused
from clearward.reputation.matrix import NUMBER, multiply, pack, times, unpack

WIDTH = 1024  # numbers of a secret
MOST_COLUMNS = 1 << 16
_DEVIATION = 6.4
_FARTHEST = 64  # ten deviations
_STEP = 24  # bits below a byte of the column
_WORD = 1 << 32

Random = Callable[[int], bytes]  # so many bytes that nobody foresees


@dataclass(frozen=True, slots=True)
class Query:
    """A query and what is needed to read the answer.

    Attributes:
        message: what is sent; says nothing without the secret.
        secret: stays here.
    """

    message: bytes
    secret: tuple[int, ...]


def public_matrix(seed: bytes, columns: int) -> bytes:
    """Return A: as many rows as there are columns, of `WIDTH` numbers."""
    return hashlib.shake_128(b"clearward retrieval\0" + seed).digest(
        columns * WIDTH * NUMBER
    )


def hint(matrix: bytes, columns: int, seed: bytes) -> bytes:
    """Return H for a matrix of the server."""
    return multiply(matrix, public_matrix(seed, columns), columns, WIDTH)


def query(column: int, columns: int, seed: bytes, random: Random) -> Query:
    """Ask for a column.

    Args:
        column: which.
        columns: how many there are.
        seed: of the public matrix.
        random: a source of randomness, never one that repeats itself.

    Raises:
        Refused: there is no such column, or there are too many.
    """
    if not 0 <= column < columns <= MOST_COLUMNS:
        raise Refused("a column that no query can be for")
    secret = unpack(random(WIDTH * NUMBER))
    masks = times(public_matrix(seed, columns), WIDTH, secret)
    errors = _errors(columns, random)
    sums = [mask + error for mask, error in zip(masks, errors, strict=True)]
    sums[column] += 1 << _STEP
    return Query(pack(sums), tuple(secret))


def answer(matrix: bytes, columns: int, message: bytes) -> bytes:
    """Return what the server answers.

    Raises:
        Malformed: the query is not for such a matrix.
    """
    if len(message) != columns * NUMBER:
        raise Malformed("query", len(message), "length")
    return multiply(matrix, message, columns, 1)


def column(said: bytes, asked: Query, hinted: bytes) -> bytes:
    """Return the column that an answer holds.

    Args:
        said: the answer.
        asked: the query.
        hinted: H.

    Raises:
        Malformed: the answer is not of this matrix.
    """
    rows = len(hinted) // (WIDTH * NUMBER)
    if len(said) != rows * NUMBER:
        raise Malformed("answer", len(said), "length")
    masks = times(hinted, WIDTH, list(asked.secret))
    half = 1 << _STEP - 1
    found = zip(unpack(said), masks, strict=True)
    return bytes((one - mask + half) % _WORD >> _STEP for one, mask in found)


def _errors(count: int, random: Random) -> list[int]:
    """Return small numbers, each as likely as the normal distribution has it."""
    drawn = unpack(random(count * NUMBER))
    return [bisect_right(_STEPS, one) - _FARTHEST for one in drawn]


def _steps() -> list[int]:
    """Return below which of 2^32 draws an error is at most -64, -63, and so on."""
    weights = [
        math.exp(-((one / _DEVIATION) ** 2) / 2)
        for one in range(-_FARTHEST, _FARTHEST + 1)
    ]
    scale = _WORD / sum(weights)
    return [round(one * scale) for one in accumulate(weights)][:-1]


_STEPS = _steps()
