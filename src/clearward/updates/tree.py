"""The Merkle tree of a log, and the two proofs that a client checks.

A proof of inclusion shows that an entry is in a tree, one of consistency that a tree
continues another. Both are lists of hashes from below to above.

Source: RFC 6962, section 2.1 (hashes); RFC 9162, sections 2.1.3.2 and 2.1.4.2 (checks).
"""

import hashlib
from collections.abc import Callable, Sequence

from clearward.core.errors import ClearwardError

HASH_BYTES = 32
LARGEST = (1 << 63) - 1  # entries, as a checkpoint can say them
EMPTY = hashlib.sha256(b"").digest()  # the root of a tree without entries

Subtree = Callable[[int, int], bytes]  # the hash over entries from, and before another


class Unproven(ClearwardError):
    """A proof that does not show what it is for."""


def hash_leaf(entry: bytes) -> bytes:
    """Return the hash of an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def hash_pair(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over some hashes, as many as a power of two."""
    level = hashes
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        # Not by `hash_pair`: a million of them are checked at once.
        level = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs]
    return level[0]


def split(size: int) -> int:
    """Return the entries left of the middle: the largest power of two below `size`.

    Args:
        size: entries, at least 2.
    """
    return 1 << (size - 1).bit_length() - 1


def check_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that an entry is in a tree.

    Args:
        index: of the entry, from 0.
        size: entries of the tree.
        leaf: hash of the entry.
        proof: from the leaf's sibling up.
        root: of the tree.

    Raises:
        Unproven: it is not shown.
    """
    if not 0 <= index < size <= LARGEST:
        raise Unproven(f"there is no entry {index} in a tree of {size}")
    _check_lengths(leaf, root, *proof)
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if not last:
            raise Unproven("the proof goes on above the root")
        if place & 1 or place == last:
            found = hash_pair(sibling, found)
            place, last = _climb(place, last)
        else:
            found = hash_pair(found, sibling)
        place, last = place >> 1, last >> 1
    if last or found != root:
        raise Unproven("the entry is not under this root")


def check_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that one tree begins with all entries of another.

    Args:
        old: entries of the smaller tree, at least 1: every tree continues an empty one.
        new: entries of the larger.
        old_root: of the smaller.
        new_root: of the larger.
        proof: from below up; empty if both have one size.

    Raises:
        Unproven: it is not shown.
    """
    if not 0 < old <= new <= LARGEST:
        raise Unproven(f"a tree of {new} entries does not continue one of {old}")
    if old == new:
        if proof or old_root != new_root:
            raise Unproven("two trees of one size are not the same")
        return
    _check_lengths(old_root, new_root, *proof)
    # A whole subtree is its own first step.
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        raise Unproven("the proof is empty")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    _check_steps(place, last, steps, (old_root, new_root))


def _check_steps(
    place: int, last: int, steps: Sequence[bytes], roots: tuple[bytes, bytes]
) -> None:
    smaller = larger = steps[0]
    for step in steps[1:]:
        if not last:
            raise Unproven("the proof goes on above the root")
        if place & 1 or place == last:
            smaller, larger = hash_pair(step, smaller), hash_pair(step, larger)
            place, last = _climb(place, last)
        else:
            larger = hash_pair(larger, step)
        place, last = place >> 1, last >> 1
    if last or (smaller, larger) != roots:
        raise Unproven("one tree does not continue the other")


def prove_inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Make a proof that an entry is in a tree.

    Args:
        index: of the entry, below `size`.
        size: entries.
        subtree: gives the hash over some entries.
    """
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start = middle
    return proof[::-1]


def prove_consistency(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Make a proof that a tree continues another.

    Args:
        old: entries of the smaller, at least 1.
        new: entries of the larger.
        subtree: gives the hash over some entries of the larger.
    """
    proof: list[bytes] = []
    start, end = 0, new
    while end != old:
        middle = start + split(end - start)
        if old <= middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start = middle
    if start:  # else it is the smaller root, which is known
        proof.append(subtree(start, end))
    return proof[::-1]


def _climb(place: int, last: int) -> tuple[int, int]:
    """Go up while this is the left one of two, and the right one is missing."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _check_lengths(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise Unproven("a hash of another length")
