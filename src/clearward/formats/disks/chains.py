"""Files that lie in clusters, of which a table tells which follows: FAT and exFAT."""

from collections.abc import Callable

from clearward.core.reader import Reader
from clearward.formats.disks.mapped import HOLE, Run, runs

FIRST = 2  # the number of the first cluster


class Chains:
    """The contents of files by the first of their clusters.

    A cluster belongs to one file: where two meet, the second ends.

    Args:
        volume: the file system.
        data: where its clusters begin.
        cluster: bytes of one.
        clusters: how many there are.
        following: gives the number of the next one, as the table has it.
    """

    def __init__(
        self,
        volume: Reader,
        data: int,
        cluster: int,
        clusters: int,
        following: Callable[[int], int],
    ) -> None:
        self._volume = volume
        self._data = data
        self._cluster = cluster
        held = max(volume.size - data, 0) // cluster + 1
        self._most = min(clusters, held) + FIRST
        self._taken = bytearray(self._most)
        self._following = following

    def content(self, first: int, size: int) -> Reader:
        """Return the content of a file; shorter than its size if its chain is."""
        pieces: list[Run] = []
        cluster, left = first, size
        while left > 0 and FIRST <= cluster < self._most and not self._taken[cluster]:
            self._taken[cluster] = 1
            place = self._place(cluster)
            last = pieces[-1] if pieces else None
            if last is not None and last.place + last.size == place:
                pieces[-1] = Run(last.place, last.size + self._cluster)
            else:
                pieces.append(Run(place, self._cluster))
            left -= self._cluster
            cluster = self._following(cluster)
        return runs(self._volume, pieces, size)

    def together(self, first: int, size: int) -> Reader:
        """Return the content of a file whose clusters follow each other."""
        end = min(first + -(-size // self._cluster), self._most)
        if first < FIRST or first >= end:
            return Reader.of(b"")
        taken = self._taken.find(1, first, end)
        if taken >= 0:
            end = taken
        self._taken[first:end] = b"\1" * (end - first)
        piece = Run(self._place(first), (end - first) * self._cluster)
        return runs(self._volume, [piece], size)

    def _place(self, cluster: int) -> int:
        return self._data + (cluster - FIRST) * self._cluster


def filled(content: Reader, valid: int, size: int) -> Reader:
    """Return content whose first bytes are valid and whose others are zeros."""
    if valid >= size:
        return content
    pieces = [Run(0, min(valid, content.size)), Run(HOLE, content.size - valid)]
    return runs(content, pieces, content.size)
