"""An archive written anew with one password after the other, until one is right."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from clearward.core.reader import Reader
from clearward.formats.rar.joined import Joined
from clearward.formats.rar.keys import Maker

MOST_BLOCKS = 100_000


class Writing(ABC):
    """One attempt with one password.

    Args:
        archive: the whole of it.
        password: what is tried.
        maker: makes keys, each once for all attempts.
        front: bytes of the signature.

    Attributes:
        joined: what was written.
    """

    def __init__(
        self, archive: Reader, password: bytes, maker: Maker, front: int
    ) -> None:
        self._archive = archive
        self._password = password
        self._maker = maker
        self._place = front
        self.joined = Joined()
        self.joined.add(archive.slice(0, front))

    @abstractmethod
    def write(self) -> bool:
        """Write it; say whether the password opens anything."""

    def _content(self, length: int, data: int) -> Reader:
        """Return the data of a block, as far as they are there; go on behind them.

        Args:
            length: bytes of the block's header, which begins at the place.
            data: bytes of its data.
        """
        start = self._place + length
        self._place = start + data
        there = min(start, self._archive.size)
        return self._archive.slice(there, min(data, self._archive.size - there))


def first_right(attempts: Iterable[Writing]) -> Reader | None:
    """Return the archive in plain as far as a password opens it, None if none does."""
    for writing in attempts:
        if writing.write():
            return writing.joined.reader()
    return None
