"""The pieces of an image: a list of what it is put together from.

    SHA256 LENGTH            a line a piece, in their order; lengths in bytes

Each piece is a file of the repository under its own digest. Who has the image of the
release before, and its list, needs those alone that he does not have.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from clearward.core.errors import Malformed

NAME = "rules.cwr.pieces"  # among the targets
FOLDER = "targets/pieces"
MOST = 1 << 24  # bytes of a list
LARGEST = 1 << 18  # bytes of a piece
_LINE = re.compile(rb"([0-9a-f]{64}) ([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece.

    Attributes:
        digest: SHA-256, hexadecimal.
        length: bytes, 1 to `LARGEST`.
    """

    digest: str
    length: int

    @property
    def place(self) -> str:
        """Its name in a repository."""
        return f"{FOLDER}/{self.digest[:2]}/{self.digest}"


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces of one image.

    Attributes:
        all: in their order; one may be there more than once.
    """

    all: tuple[Piece, ...]

    @property
    def length(self) -> int:
        """Bytes of the image."""
        return sum(one.length for one in self.all)

    def offsets(self) -> dict[Piece, int]:
        """Return where each piece begins in the image."""
        lengths = (one.length for one in self.all[:-1])
        return dict(zip(self.all, accumulate(lengths, initial=0), strict=False))

    def to_bytes(self) -> bytes:
        """Return the list."""
        return "".join(f"{one.digest} {one.length}\n" for one in self.all).encode()

    @classmethod
    def parse(cls, data: bytes) -> "Pieces":
        """Read a list.

        Raises:
            Malformed: it is none.
        """
        lines = data.split(b"\n")
        if lines.pop() or not lines or len(data) > MOST:
            raise Malformed("pieces", len(data), "length")
        return cls(tuple(_parsed(lines)))


def _parsed(lines: Iterable[bytes]) -> Iterable[Piece]:
    for number, line in enumerate(lines):
        found = _LINE.fullmatch(line)
        if found is None or int(found[2]) > LARGEST:
            raise Malformed("pieces", number, "line")
        yield Piece(found[1].decode(), int(found[2]))
