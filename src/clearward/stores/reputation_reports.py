"""Reports on digests: as files that people write, and laid out for retrieval.

index, hint     what everybody fetches once a release
matrix          what the server keeps, and reads all of for every query
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused
from clearward.reputation.reports import MOST_ROWS, Database, Index, hint_size
from clearward.stores.reputation import read

INDEX, HINT, MATRIX = "index", "hint", "matrix"
_MOST_INDEX = 1 << 30  # bytes
_NAME = re.compile(r"([0-9A-Fa-f]{64})(\.[a-z0-9]+)?")


def gathered(folder: str) -> dict[bytes, bytes]:
    """Return the reports of a folder; each file is named by the digest it is about.

    Raises:
        Refused: it cannot be read, a file has another name, or is too large.
    """
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise Refused(f"{folder}: cannot be read: {error.strerror}") from error
    found: dict[bytes, bytes] = {}
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None:
            raise Refused(f"{folder}: {name}: is not named by a SHA-256")
        digest = bytes.fromhex(match[1])
        data = read(folder, name, most=MOST_ROWS + 1)
        if digest in found or len(data) > MOST_ROWS:
            raise Refused(f"{folder}: {name}: is too large, or there twice")
        found[digest] = data
    return found


def files(database: Database) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a database, the index last: name and content."""
    yield MATRIX, database.matrix
    yield HINT, database.hint
    yield INDEX, database.index.to_bytes()


@dataclass(frozen=True, slots=True)
class ReportFolder:
    """Reports in a folder: both what a client fetches and what the server keeps.

    Attributes:
        index: what there is.
        hint: for reading answers.
        matrix: for making them.
    """

    index: Index
    hint: bytes
    matrix: bytes

    @classmethod
    def open(cls, folder: str) -> "ReportFolder":
        """Read a folder.

        Raises:
            Refused: there are no reports, or they are damaged.
        """
        try:
            index = Index.parse(read(folder, INDEX, most=_MOST_INDEX))
        except Malformed as error:
            raise Refused(f"{folder}: {error}") from error
        hint = read(folder, HINT, most=hint_size(index))
        if hashlib.sha256(hint).digest() != index.hint:
            raise Refused(f"{folder}: {HINT}: is not that of the index")
        size = index.rows * index.columns
        matrix = read(folder, MATRIX, most=size)
        if len(matrix) != size:
            raise Refused(f"{folder}: {MATRIX}: is not that of the index")
        return cls(index, hint, matrix)
