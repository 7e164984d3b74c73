"""Records of the list: a digest, and the number of a label that says what it is.

    0    32  SHA-256
    32   4   number of the label, big-endian, so that records sort by both

The list is nothing but records, in order, each once. A digest with several labels has
several records. The first 12 bits of a digest are its prefix; the list is parted by it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from clearward.core.errors import Malformed

DIGEST = 32  # bytes
WIDTH = 36
PREFIX_BITS = 12
PREFIXES = 1 << PREFIX_BITS
NAME = "list"
_LABEL = WIDTH - DIGEST

_order: Callable[[bytearray], None] | None
try:
    from clearward.reputation._compiled import order as _order
except ImportError:  # there was no compiler
    _order = None


def prefix(digest: bytes | memoryview) -> int:
    """Return the prefix of a digest, or of a record."""
    return digest[0] << 4 | digest[1] >> 4


def record(digest: bytes, label: int) -> bytes:
    """Return a record."""
    return digest + label.to_bytes(_LABEL, "big")


def records(digests: bytes, labels: bytes) -> bytearray:
    """Return records of many digests.

    Args:
        digests: behind each other.
        labels: numbers of labels, four bytes each, likewise.
    """
    made = bytearray(len(digests) // DIGEST * WIDTH)
    for place in range(DIGEST):
        made[place::WIDTH] = digests[place::DIGEST]
    for place in range(_LABEL):
        made[DIGEST + place :: WIDTH] = labels[place::_LABEL]
    return made


def order(held: bytearray) -> None:
    """Bring records into order, and leave each once."""
    if _order is not None:
        _order(held)
    else:
        order_plainly(held)


def order_plainly(held: bytearray) -> None:
    """Do what `order` does, in plain Python."""
    starts = range(0, len(held), WIDTH)
    held[:] = b"".join(sorted({bytes(held[at : at + WIDTH]) for at in starts}))


def parts(held: memoryview) -> Iterator[memoryview]:
    """Yield the records of each prefix in turn; of some there may be none.

    Args:
        held: records, in order.
    """
    count, start = len(held) // WIDTH, 0
    for number in range(PREFIXES):
        end = bisect_left(range(count), number + 1, lo=start, key=_prefix_in(held))
        yield held[start * WIDTH : end * WIDTH]
        start = end


def check_part(part: bytes, number: int) -> None:
    """Check that records are those of a prefix, in order, each once.

    Raises:
        Malformed: they are not.
    """
    if len(part) % WIDTH:
        raise Malformed(NAME, len(part), "length")
    ordered = bytearray(part)
    order(ordered)
    if ordered != part:
        raise Malformed(NAME, 0, "order")
    if part and {prefix(part), prefix(part[-WIDTH:])} != {number}:
        raise Malformed(NAME, 0, "prefix")


def labels_of(part: bytes, digest: bytes) -> tuple[int, ...]:
    """Return the numbers of the labels that a digest has; none if it is not there.

    Args:
        part: records of its prefix, in order.
        digest: of 32 bytes.
    """
    count = len(part) // WIDTH

    def held(at: int) -> bytes:
        return part[at * WIDTH : at * WIDTH + DIGEST]

    first = bisect_left(range(count), digest, key=held)
    end = bisect_right(range(count), digest, lo=first, key=held)
    found = (part[at * WIDTH + DIGEST : (at + 1) * WIDTH] for at in range(first, end))
    return tuple(int.from_bytes(one, "big") for one in found)


def _prefix_in(held: memoryview) -> Callable[[int], int]:
    return lambda at: prefix(held[at * WIDTH : at * WIDTH + 2])
