"""Sets of digests: sorted, with an index of the leading bits.

Millions of entries are never objects of their own at one time: they are rows of equal
length in 256 heaps, by the first byte of the digest, and a heap is sorted when its turn
comes. A row is the digest, the size if the set has sizes, and where its name stands
among the names of the set; so rows in order are what the image wants in order.
"""

import sys
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from operator import add, ne

from clearward.core.image_frame import ALLOWS, LISTED, SIZED, UNWANTED
from clearward.native.layout import ANY_SIZE, HASHES, Scope
from clearward.rules.clamav.listed import DigestSignature, Of
from clearward.rules.image.names import Names, encode_name
from clearward.rules.image.unusable import Unusable
from clearward.rules.image.words import words

MOST_INDEX_BITS = 24
SCOPES = {Of.FILE: Scope.FILE, Of.SECTION: Scope.SECTION, Of.IMPORTS: Scope.IMPORTS}
ALGORITHMS = (16, 20, 32)

_SPARE_BITS = 3  # leave 4 to 8 digests to a slot of the index
_PLACE = 8  # bytes of a row that say where a name ends, and how long it is
_LENGTH_BITS = 16
_LENGTH = (1 << _LENGTH_BITS) - 1

Key = tuple[int, int, int]  # scope, bytes of a digest, flags


class DigestSets:
    """Digests, by what they are of, their algorithm and their flags.

    Attributes:
        duplicates: how many were left out, as digest, size and name were there before.
    """

    def __init__(self) -> None:
        self._sets: dict[Key, _Set] = {}
        self.duplicates = 0

    def __len__(self) -> int:
        return sum(each.count for each in self._sets.values())

    def add(self, signature: DigestSignature) -> None:
        """Add one.

        Raises:
            Unusable: no algorithm has digests of its length, or a number is too large.
        """
        digest, size = signature.digest, signature.size
        flags = 0 if size is None else SIZED
        if signature.allows:
            flags |= ALLOWS
        if signature.unwanted:
            flags |= UNWANTED
        key = (SCOPES[signature.of], len(digest), flags)
        if key not in self._sets:
            if len(digest) not in ALGORITHMS:
                raise Unusable(f"a digest of {len(digest)} bytes")
            sized = 8 if flags & SIZED else 0
            self._sets[key] = _Set(len(digest) + sized + _PLACE)
        if size is not None:
            if not 0 <= size < ANY_SIZE:
                raise Unusable("a size outside 64 bits")
            digest += size.to_bytes(8, "big")
        self._sets[key].add(digest, encode_name(signature.name))

    def adder(self, of: Of, *, allows: bool, unwanted: bool) -> "Adder":
        """Return what adds digests of one kind, for millions of them."""
        flags = (ALLOWS if allows else 0) | (UNWANTED if unwanted else 0)
        sized = {
            algorithm: self._set((SCOPES[of], algorithm, flags | SIZED), algorithm + 8)
            for algorithm in ALGORITHMS
        }
        of_any = {
            algorithm: self._set((SCOPES[of], algorithm, flags), algorithm)
            for algorithm in ALGORITHMS
        }
        return Adder(sized, of_any)

    def _set(self, key: Key, row: int) -> "_Set":
        """Return a set whose rows have so many bytes before the place of a name."""
        if key not in self._sets:
            self._sets[key] = _Set(row + _PLACE)
        return self._sets[key]

    def add_listed(self, digest: bytes, name: bytes) -> None:
        """Add one of a plain list; `digest` has a length of `ALGORITHMS`.

        Raises:
            Unusable: its name is too long.
        """
        key = (Scope.FILE, len(digest), LISTED)
        self._set(key, len(digest)).add(digest, name)

    def encode(self, names: Names) -> Iterator[tuple[int, list[bytes]]]:
        """Yield how many digests there are in each set, and its section; empty it.

        Args:
            names: gets the names of the digests; the number of the first is how many
                it held before.
        """
        for key in sorted(self._sets):
            scope, algorithm, flags = key
            each = self._sets.pop(key)
            if not each.count:
                continue
            first = len(names)
            bits = min(max(each.count.bit_length() - _SPARE_BITS, 0), MOST_INDEX_BITS)
            body = each.encode(algorithm, bits, names)
            kept = len(names) - first
            self.duplicates += each.count - kept
            yield kept, [HASHES.pack(algorithm, scope, flags, bits, first), *body]


class Adder:
    """Adds digests of one kind.

    They have a length that an algorithm has, a size of less than 64 bits or None for
    any, and a name in UTF-8 of at most 65,535 bytes.

    Args:
        sized: sets of those with a size, by length.
        of_any: sets of the others.
    """

    def __init__(self, sized: "dict[int, _Set]", of_any: "dict[int, _Set]") -> None:
        self._sized = sized
        self._of_any = of_any

    def add(self, digest: bytes, size: int | None, name: bytes) -> None:
        """Add one."""
        if size is None:
            self._of_any[len(digest)].add(digest, name)
        else:
            self._sized[len(digest)].add(digest + size.to_bytes(8, "big"), name)

    def add_all(
        self, digests: bytes, sizes: list[int] | None, names: Sequence[bytes]
    ) -> None:
        """Add many of one length, one behind the other; all have a size, or none."""
        length = len(digests) // len(names)
        rows = _cut(digests, length)
        if sizes is None:
            self._of_any[length].add_all(rows, names)
        else:
            rows = [*map(add, rows, _cut(_big(sizes), _PLACE))]
            self._sized[length].add_all(rows, names)


class _Set:
    """One set. Its names are kept apart, since rows have to be of one length."""

    def __init__(self, row_size: int) -> None:
        self.count = 0
        self._row_size = row_size
        self._heaps = [bytearray() for _ in range(256)]
        self._names = bytearray()
        self._text = b""  # of the names, in the end

    def add(self, row: bytes, name: bytes) -> None:
        if len(name) >> _LENGTH_BITS:
            raise Unusable(f"a name of {len(name)} bytes")
        self.count += 1
        self._names += name
        place = len(self._names) << _LENGTH_BITS | len(name)
        heap = self._heaps[row[0]]
        heap += row
        heap += place.to_bytes(_PLACE, "big")

    def add_all(self, rows: list[bytes], names: Sequence[bytes]) -> None:
        lengths = [*map(len, names)]
        if max(lengths) >> _LENGTH_BITS:
            raise Unusable(f"a name of {max(lengths)} bytes")
        self.count += len(rows)
        ends = accumulate(lengths, initial=len(self._names))
        next(ends)
        self._names += b"".join(names)
        places = [
            end << _LENGTH_BITS | one for end, one in zip(ends, lengths, strict=True)
        ]
        whole = b"".join(sorted(map(add, rows, _cut(_big(places), _PLACE))))
        # Sorted, so that each heap gets a span of them.
        size = self._row_size
        fronts = whole[::size]
        start = 0
        while start < len(fronts):
            end = bisect_right(fronts, fronts[start], start)
            self._heaps[fronts[start]] += whole[start * size : end * size]
            start = end

    def encode(self, algorithm: int, bits: int, names: Names) -> list[bytes]:
        """Return index, digests and sizes; hand their names on."""
        counts = [0] * (1 << bits)
        digests: list[bytes] = []
        sizes: list[bytes] = []
        shift = 32 - bits
        self._text = bytes(self._names)  # pieces of it are quicker to make
        self._names.clear()
        has_sizes = self._row_size > algorithm + _PLACE
        for heap in self._heaps:
            rows = self._sorted(heap)
            heap.clear()
            names.extend(self._called(rows))
            digests.append(b"".join([row[:algorithm] for row in rows]))
            if has_sizes:
                sizes.append(b"".join([row[algorithm:-_PLACE][::-1] for row in rows]))
            starts = array("I", b"".join([row[:4] for row in rows]))
            if sys.byteorder == "little":
                starts.byteswap()
            for slot, count in Counter([one >> shift for one in starts]).items():
                counts[slot] += count
        index = words([*accumulate(counts, initial=0)])
        if not any(sizes):
            return [*_padded([index]), *digests]
        return [*_padded([index]), *_padded(digests), *sizes]

    def _sorted(self, heap: bytearray) -> list[bytes]:
        """Return the rows of a heap in order, without those that say nothing new."""
        size, data = self._row_size, bytes(heap)
        rows = sorted([data[at : at + size] for at in range(0, len(data), size)])
        said = [row[:-_PLACE] for row in rows]
        if all(map(ne, said, islice(said, 1, None))):
            return rows
        seen: set[tuple[bytes, bytes]] = set()
        kept: list[bytes] = []
        for row, about, name in zip(rows, said, self._called(rows), strict=True):
            if (about, name) not in seen:
                seen.add((about, name))
                kept.append(row)
        return kept

    def _called(self, rows: list[bytes]) -> list[bytes]:
        """Return the names of rows."""
        places = array("Q", b"".join([row[-_PLACE:] for row in rows]))
        if sys.byteorder == "little":
            places.byteswap()
        ends = [place >> _LENGTH_BITS for place in places]
        starts = [
            end - (place & _LENGTH) for place, end in zip(places, ends, strict=True)
        ]
        text = self._text
        return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _cut(data: bytes, length: int) -> list[bytes]:
    """Return data in pieces of one length."""
    return [data[at : at + length] for at in range(0, len(data), length)]


def _big(numbers: list[int]) -> bytes:
    """Return numbers as 8 bytes each, big-endian."""
    made = array("Q", numbers)
    if sys.byteorder == "little":
        made.byteswap()
    return made.tobytes()


def _padded(parts: list[bytes]) -> list[bytes]:
    """Return parts with zeros behind them, so that they fill a multiple of 8 bytes."""
    return [*parts, bytes(-sum(map(len, parts)) % 8)]
