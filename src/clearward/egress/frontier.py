"""What has to be kept of a Merkle tree so that it can grow: its whole subtrees.

Source: RFC 6962, section 2.1.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

from clearward.updates.tree import EMPTY, fold, hash_pair

_BLOCK = 1024  # leaves that are hashed level by level, a power of two


class Frontier:
    """A tree that grows.

    Args:
        size: leaves.
        peaks: hashes of its whole subtrees, the largest first: one for each bit of
            `size` that is set.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(peaks):
            raise ValueError("peaks")
        self.size = size
        self.peaks = list(peaks)

    def copy(self) -> "Frontier":
        """Return one that grows by itself."""
        return Frontier(self.size, self.peaks)

    def add(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes."""
        held = list(leaves)
        start = 0
        while start < len(held):
            if not self.size % _BLOCK and len(held) - start >= _BLOCK:
                top = fold(held[start : start + _BLOCK])
                self._push(top, _BLOCK)
                start += _BLOCK
            else:
                self._push(held[start], 1)
                start += 1

    def root(self) -> bytes:
        """Return the hash over all leaves."""
        if not self.peaks:
            return EMPTY
        return reduce(lambda right, left: hash_pair(left, right), self.peaks[::-1])

    def _push(self, top: bytes, leaves: int) -> None:
        full = self.size // leaves
        while full & 1:
            top = hash_pair(self.peaks.pop(), top)
            full >>= 1
        self.peaks.append(top)
        self.size += leaves
