"""What carries a repository here: a folder, an archive or a web server.

Nothing that a carrier gives is trusted. It says how much it may give at most, and three
ways in which it can fail: a file is not there, it is longer than it may be, or the
carrier itself cannot be reached or read (`Unavailable`, `Refused`).
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from clearward.core.errors import ClearwardError, Refused

PIECE = 1 << 18  # bytes that are read at one time
_PART = re.compile(r"[!-.0-~]+")  # of a name, without slashes


class Missing(ClearwardError):
    """A file that the carrier does not have.

    Attributes:
        status: of HTTP; 404 where nothing says another.
    """

    def __init__(self, name: str, status: int = 404) -> None:
        super().__init__(f"{name}: not there ({status})")
        self.status = status


class TooLong(ClearwardError):
    """A file of more bytes than it may have."""


class Cut(ClearwardError):
    """A carrier that ends too early, or is not what it should be."""


class Files(Protocol):
    """Gives the files of a repository by their names, such as ``log/checkpoint``.

    Every method may raise `Missing`, `TooLong`, `Cut`, `Refused` and `Unavailable`.
    """

    def read(self, name: str, most: int) -> bytes:
        """Return a whole file of at most `most` bytes."""

    def stream(self, name: str, most: int) -> Iterator[bytes]:
        """Yield a file in pieces; it has at most `most` bytes."""


class Carrier(Files, Protocol):
    """The same, and as many of them as there are."""

    def many(self, most: int) -> AbstractContextManager[Files]:
        """Give the same for many files that have at most `most` bytes together."""


def parts(name: str) -> list[str]:
    """Return the folders of a name and the file in it.

    Raises:
        Refused: it would lead somewhere else.
    """
    found = name.split("/")
    if not all(_PART.fullmatch(one) and one not in (".", "..") for one in found):
        raise Refused(f"{name!r}: this is no name in a repository")
    return found


def limited(pieces: Iterator[bytes], name: str, most: int) -> Iterator[bytes]:
    """Yield pieces as long as there are not too many bytes in them.

    Raises:
        TooLong: there are.
    """
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > most:
            raise TooLong(f"{name}: longer than {most:,} bytes")
        yield piece
