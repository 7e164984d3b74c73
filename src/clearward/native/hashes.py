"""Sets of digests, looked up in the image where they lie.

At load only what is cheap is checked: the header of a set and that it is as long as it
says. Starts, which are checked when they are used, number the digests whose leading
bits are the index. A set that is not in order finds less than it lists; it is not read
outside of itself.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.image_frame import ALLOWS, LISTED, SIZED, UNWANTED
from clearward.native.errors import BadImage
from clearward.native.layout import ANY_SIZE, HASHES, Scope
from clearward.native.span import Numbers, Span

ALGORITHMS = (16, 20, 32)
MOST_INDEX_BITS = 24
FLAGS = SIZED | ALLOWS | UNWANTED | LISTED
SIZE = Struct("<Q")
SIZES = 1 << 20  # sizes are told apart by what is left of them after this
MOST_SIZED = 1 << 20  # digests of a set that is asked what sizes it lists


@dataclass(frozen=True, slots=True)
class HashSet:
    """One set.

    Attributes:
        algorithm: bytes of a digest.
        scope: what the digests are of.
        allows: what is listed is trusted.
        unwanted: what is listed is of a potentially unwanted kind.
        listed: of a plain list, asked about every part.
        first: rule number of the first digest; the others follow.
        count: of digests.
    """

    algorithm: int
    scope: Scope
    allows: bool
    unwanted: bool
    listed: bool
    first: int
    count: int
    _shift: int
    _starts: Numbers
    _digests: memoryview
    _sizes: memoryview

    def digest(self, index: int) -> bytes:
        """Return a digest by its index in the set."""
        at = index * self.algorithm
        return bytes(self._digests[at : at + self.algorithm])

    def lookup(self, digest: bytes, size: int) -> list[int]:
        """Return the rules that list a digest for a size, ascending.

        Raises:
            BadImage: the starts of the set are no ranges.
        """
        if len(digest) != self.algorithm:
            return []
        bucket = int.from_bytes(digest[:4], "big") >> self._shift
        first, last = self._starts[bucket], self._starts[bucket + 1]
        if not first <= last <= self.count:
            raise BadImage("a set of digests has a bad start")
        at = bisect_left(range(self.count), digest, first, last, key=self.digest)
        return [self.first + index for index in self._equal(at, last, digest, size)]

    def listed_sizes(self) -> bytes:
        """Return the sizes for which anything is listed, to be asked by `may_list`.

        Only where that is soon known: a digest that is listed for any size, or very
        many, make it any size.
        """
        if not self._sizes or self.count > MOST_SIZED:
            return ANY_LISTED
        bits = bytearray(SIZES // 8)
        for (size,) in SIZE.iter_unpack(self._sizes):
            if size == ANY_SIZE:
                return ANY_LISTED
            bits[size % SIZES >> 3] |= 1 << (size & 7)
        return bytes(bits)

    def _equal(self, at: int, last: int, digest: bytes, size: int) -> Iterator[int]:
        while at < last and self.digest(at) == digest:
            if not self._sizes or self._size(at) in {size, ANY_SIZE}:
                yield at
            at += 1

    def _size(self, index: int) -> int:
        found: int = SIZE.unpack_from(self._sizes, index * SIZE.size)[0]
        return found


ANY_LISTED = b""


def may_list(sizes: bytes, size: int) -> bool:
    """Say whether a set may list anything for parts of a size.

    Args:
        sizes: what `HashSet.listed_sizes` returned: a bit for each size below `SIZES`,
            and those above it counted from the front again; `ANY_LISTED` for any.
        size: bytes of a part.
    """
    return sizes == ANY_LISTED or bool(sizes[size % SIZES >> 3] >> (size & 7) & 1)


def read_hashes(data: memoryview, count: int, rules: int) -> HashSet:
    """Read a set of digests without looking at them.

    Args:
        data: all of its section.
        count: of digests.
        rules: rule numbers are below this.

    Raises:
        BadImage: it breaks the layout.
    """
    span = Span(data, "a set of digests")
    algorithm, scope, flags, bits, first = span.fields(HASHES)
    span.check(algorithm in ALGORITHMS, "algorithm")
    span.check(scope <= max(Scope), "scope")
    span.check(flags <= FLAGS, "flags")
    span.check(bits <= MOST_INDEX_BITS, "index")
    span.check(count <= rules and first <= rules - count, "rule number")
    starts = span.numbers((1 << bits) + 1)
    span.take(-span.at % 8)
    digests = span.take(count * algorithm)
    span.take(-span.at % 8 if flags & SIZED else 0)
    sizes = span.take(count * SIZE.size if flags & SIZED else 0)
    span.done()
    return HashSet(
        algorithm,
        Scope(scope),
        bool(flags & ALLOWS),
        bool(flags & UNWANTED),
        bool(flags & LISTED),
        first,
        count,
        32 - bits,
        starts,
        digests,
        sizes,
    )
