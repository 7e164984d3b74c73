"""What the walk needs to pass by files that were clean and have not changed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from clearward.jail.broker import OpenFile
from clearward.jail.listing import sizes
from clearward.jail.mounts import Mounts
from clearward.jail.steady import is_steady


class Store(Protocol):
    """Where verdicts are remembered; see `clearward.stores.verdicts`."""

    def known(self, device: int, blocks: Collection[int]) -> Mapping[bytes, int]:
        """Return how many parts files had that are clean, by their stamps.

        Args:
            device: on which they are.
            blocks: numbers of blocks of inodes, see `listing`.
        """


@dataclass(frozen=True, slots=True)
class Passed:
    """Files of one folder that were passed by: they are clean.

    Attributes:
        front: what stands before their names, a slash at its end.
        names: of the files.
        stamps: one for each.
        parts: how many parts each had, by stamp; there may be others in it.
    """

    front: bytes
    names: list[bytes]
    stamps: list[bytes]
    parts: Mapping[bytes, int]

    def sizes(self) -> list[int]:
        """Return their sizes, bytes."""
        return sizes(self.stamps)


class Known:
    """A store as the walk uses it.

    Args:
        store: where verdicts are remembered.
        tell: called with what is passed by.
    """

    def __init__(self, store: Store, tell: Callable[[Passed], None]) -> None:
        self.parts = store.known
        self.tell = tell
        self._mounts = Mounts()
        self.trusts = self._mounts.trusts

    def judge(self, file: OpenFile, before: int) -> None:
        """Set whether what is found out about a file may be remembered.

        Args:
            file: open, nothing of it was read so far.
            before: a clock (`time.time_ns`) as it was before the file was opened.
        """
        file.steady = is_steady(file, before, self._mounts)

    def close(self) -> None:
        """Let go of the table of mounts."""
        self._mounts.close()
