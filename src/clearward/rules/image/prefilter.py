"""The tables of a prefilter: bitmap, buckets, long and short entries.

Entries of one bucket stand in the order of their bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from clearward.native.layout import HASH_FACTOR, LONG, PREFILTER, SHORT
from clearward.rules.image.anchors import LONGEST, WINDOW, Anchor, keys_of
from clearward.rules.image.frequencies import GRAM
from clearward.rules.image.shorts import KEY
from clearward.rules.image.words import words

Chosen = Iterable[tuple[int, Iterable[Anchor]]]  # signature, and what it has

_HASH_BITS = 32
_MOST_32 = 0xFFFFFFFF
_SPARSE = 128, 20  # bits of the bitmap for each entry, as long as they are 2**20
_DENSE = 32, 22  # and then
_SHORT_BUCKETS = 1 << 16


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of the tables for a number of entries.

    Attributes:
        bitmap, bucket: bits of a hash that they go by.
    """

    bitmap: int
    bucket: int


def sizes_for(entries: int) -> Sizes:
    """Choose sizes: a sparse bitmap as long as it fits a cache, few in a bucket.

    A bit that is set for nothing costs a look at a bucket, which is in no near cache.
    """
    wanted = [
        min((entries * each).bit_length(), most) for each, most in (_SPARSE, _DENSE)
    ]
    return Sizes(max(*wanted, 13), min(max(entries.bit_length(), 4), 22))


def encode_prefilter(
    stride: int, long: Chosen, short: Chosen
) -> tuple[int, list[bytes]]:
    """Return how many long entries there are, and the section."""
    entries = _long_entries(stride, long)
    shorts = _short_entries(short)
    sizes = sizes_for(len(entries))
    bitmap = bytearray(1 << sizes.bitmap - 3)
    counts = [0] * (1 << sizes.bucket)
    for entry in entries:
        hashed = int.from_bytes(entry[:4], "big")
        bit = hashed >> _HASH_BITS - sizes.bitmap
        bitmap[bit >> 3] |= 1 << (bit & 7)
        counts[hashed >> _HASH_BITS - sizes.bucket] += 1
    starts = words([*accumulate(counts, initial=0)])
    head = PREFILTER.pack(sizes.bitmap, sizes.bucket, stride, len(shorts))
    chunks = [head, bytes(bitmap), starts]
    chunks.append(bytes(-sum(map(len, chunks)) % 8))
    chunks.append(b"".join([entry[4:] for entry in entries]))
    if shorts:
        counts = [0] * _SHORT_BUCKETS
        for key, _ in shorts:
            counts[key] += 1
        chunks.append(words([*accumulate(counts, initial=0)]))
        chunks.append(b"".join([entry for _, entry in shorts]))
    return len(entries), chunks


def _long_entries(stride: int, long: Chosen) -> list[bytes]:
    """Return entries in order, each behind the hash of its key."""
    entries: set[bytes] = set()
    for signature, anchors in long:
        for anchor in anchors:
            values = anchor.values.ljust(LONGEST, b"\0")
            masks = anchor.masks.ljust(LONGEST, b"\0")
            for step in range(stride):
                rest = values[step + GRAM : step + WINDOW]
                mask = masks[step + GRAM : step + WINDOW]
                place = slice(step, step + GRAM)
                for key in keys_of(values[place], masks[place]):
                    number = int.from_bytes(key, "little")
                    hashed = number * HASH_FACTOR & _MOST_32
                    entries.add(
                        hashed.to_bytes(4, "big")
                        + LONG.pack(
                            number,
                            signature,
                            int.from_bytes(key + rest, "little"),
                            int.from_bytes(b"\xff\xff\xff\xff" + mask, "little"),
                        )
                    )
    return sorted(entries)


def _short_entries(short: Chosen) -> list[tuple[int, bytes]]:
    """Return keys and entries in order."""
    entries: set[tuple[int, bytes]] = set()
    for signature, anchors in short:
        for anchor in anchors:
            third = anchor.values[KEY:].rjust(1, b"\0")[0]
            mask = anchor.masks[KEY:].rjust(1, b"\0")[0]
            entry = SHORT.pack(signature, mask, third & mask)
            for key in keys_of(anchor.values[:KEY], anchor.masks[:KEY]):
                entries.add((int.from_bytes(key, "little"), entry))
    return sorted(entries)
