"""Reports on digests, laid out so that one can be retrieved without saying which.

Every report takes the same bytes of a column: its length, itself, and zeros. A column
holds as many reports as make the matrix about square. The index says what there is:

    0    8   "CWREPORT"
    8    4   reports, little-endian, as all numbers here
    12   4   bytes that each takes, with the 4 of its length
    16   4   columns
    20   4   0
    24   32  SHA-256 of the hint
    56       for each report, in order: the SHA-256 it is about, and its own SHA-256
    end  32  SHA-256 of all before
"""

import hashlib
import math
import struct
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused
from clearward.reputation import retrieval
from clearward.reputation.matrix import NUMBER
from clearward.reputation.retrieval import MOST_COLUMNS, WIDTH

FORMAT = "reports"
MOST_ROWS = 1 << 16  # of which each takes 4 KiB of the hint
_MAGIC = b"CWREPORT"
_FRONT = struct.Struct("<8sIIII32s")
_SUM = 32
_ENTRY = 64
_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Index:
    """What there is.

    Attributes:
        size: bytes that each report takes.
        columns: of the matrix.
        hint: SHA-256 of the hint.
        digests: what the reports are about, in order.
        reports: SHA-256 of each.
    """

    size: int
    columns: int
    hint: bytes
    digests: tuple[bytes, ...]
    reports: tuple[bytes, ...]

    @property
    def seed(self) -> bytes:
        """Of the public matrix: nobody can choose it."""
        return _seed(self.digests, self.reports)

    @property
    def rows(self) -> int:
        """Of the matrix."""
        return _in_column(len(self.digests), self.columns) * self.size

    def place(self, digest: bytes) -> int | None:
        """Return the number of the report on a digest; None if there is none."""
        number = bisect_left(self.digests, digest)
        return number if self.digests[number : number + 1] == (digest,) else None

    def column(self, number: int) -> int:
        """Return the column that a report is in."""
        return number // _in_column(len(self.digests), self.columns)

    def report(self, number: int, column: bytes) -> bytes:
        """Take a report out of its column.

        Raises:
            Malformed: it is not the report that the index has.
        """
        start = number % _in_column(len(self.digests), self.columns) * self.size
        length = int.from_bytes(column[start : start + _LENGTH], "little")
        start += _LENGTH
        found = column[start : start + length]
        most = self.size - _LENGTH
        if length > most or hashlib.sha256(found).digest() != self.reports[number]:
            raise Malformed(FORMAT, start, "report")
        return found

    def to_bytes(self) -> bytes:
        """Return the index as its file has it."""
        numbers = (len(self.digests), self.size, self.columns, 0)
        pairs = zip(self.digests, self.reports, strict=True)
        front = _FRONT.pack(_MAGIC, *numbers, self.hint)
        data = front + b"".join(one + other for one, other in pairs)
        return data + hashlib.sha256(data).digest()

    @classmethod
    def parse(cls, data: bytes) -> "Index":
        """Read an index.

        Raises:
            Malformed: it is none, or not whole.
        """
        end = len(data) - _SUM
        if end < _FRONT.size or (end - _FRONT.size) % _ENTRY:
            raise Malformed(FORMAT, len(data), "length")
        magic, count, size, columns, none, hint = _FRONT.unpack_from(data)
        if magic != _MAGIC or none:
            raise Malformed(FORMAT, 0, "magic")
        if hashlib.sha256(data[:end]).digest() != data[end:]:
            raise Malformed(FORMAT, end, "SHA-256")
        starts = range(_FRONT.size, end, _ENTRY)
        digests = tuple(data[at : at + _ENTRY // 2] for at in starts)
        reports = tuple(data[at + _ENTRY // 2 : at + _ENTRY] for at in starts)
        if count != len(digests) or list(digests) != sorted(set(digests)):
            raise Malformed(FORMAT, _FRONT.size, "order")
        if not _LENGTH <= size <= MOST_ROWS or columns != _columns(count, size):
            raise Malformed(FORMAT, len(magic), "shape")
        found = cls(size, columns, hint, digests, reports)
        if found.rows > MOST_ROWS or columns > MOST_COLUMNS:
            raise Malformed(FORMAT, len(magic), "shape")
        return found


@dataclass(frozen=True, slots=True)
class Database:
    """What the server has, and what everybody fetches once.

    Attributes:
        index: what there is.
        hint: fetched with it.
        matrix: stays with the server.
    """

    index: Index
    hint: bytes
    matrix: bytes

    @classmethod
    def of(cls, reports: Mapping[bytes, bytes]) -> "Database":
        """Lay reports out, by the digests they are about.

        Raises:
            Refused: there are none, or they are too large or too many.
        """
        if not reports:
            raise Refused("there are no reports")
        digests = tuple(sorted(reports))
        size = _LENGTH + max(map(len, reports.values()))
        columns = _columns(len(digests), size)
        in_column = _in_column(len(digests), columns)
        rows = in_column * size
        if rows > MOST_ROWS or columns > MOST_COLUMNS:
            raise Refused("the reports are too large, or too many, for this experiment")
        matrix = bytearray(rows * columns)
        for number, digest in enumerate(digests):
            report = reports[digest]
            written = len(report).to_bytes(_LENGTH, "little") + report
            column, place = divmod(number, in_column)
            start = place * size * columns + column
            matrix[start : start + len(written) * columns : columns] = written
        own = tuple(hashlib.sha256(reports[one]).digest() for one in digests)
        hint = retrieval.hint(bytes(matrix), columns, _seed(digests, own))
        index = Index(size, columns, hashlib.sha256(hint).digest(), digests, own)
        return cls(index, hint, bytes(matrix))


def hint_size(index: Index) -> int:
    """Return the bytes of the hint."""
    return index.rows * WIDTH * NUMBER


def _columns(count: int, size: int) -> int:
    """Return how many columns make the matrix about square."""
    in_column = max(math.isqrt(count * size) // size, 1)
    return -(-count // in_column)


def _in_column(count: int, columns: int) -> int:
    return -(-count // columns) if columns else 0


def _seed(digests: tuple[bytes, ...], reports: tuple[bytes, ...]) -> bytes:
    return hashlib.sha256(b"".join(digests) + b"".join(reports)).digest()
