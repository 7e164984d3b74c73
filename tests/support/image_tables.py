"""Lay out the tables of rule images by hand: prefilters, sets of digests, names."""

import itertools
import struct
from collections.abc import Iterable, Sequence

from clearward.native import layout


def prefilter(
    longs: Iterable[tuple[bytes, int]] = (),
    shorts: Iterable[tuple[bytes, int]] = (),
    *,
    bits: int = 10,
    bucket_bits: int = 4,
    stride: int = 1,
) -> tuple[bytes, int]:
    """Lay a prefilter out, of anchors of 4 to 8 or of 2 or 3 bytes; also its count."""

    def mixed(anchor: bytes) -> int:
        key = int.from_bytes(anchor[:4], "little")
        return key * layout.HASH_FACTOR % 2**32

    ordered = sorted(longs, key=lambda one: mixed(one[0]))
    bitmap = bytearray((1 << bits) // 8)
    buckets = [0] * ((1 << bucket_bits) + 1)
    entries = b""
    for anchor, signature in ordered:
        bit = mixed(anchor) >> 32 - bits
        bitmap[bit >> 3] |= 1 << (bit & 7)
        buckets[(mixed(anchor) >> 32 - bucket_bits) + 1] += 1
        mask = (1 << 8 * len(anchor)) - 1
        value = int.from_bytes(anchor, "little")
        entries += layout.LONG.pack(value & 0xFFFFFFFF, signature, value, mask)
    few = sorted(shorts, key=lambda one: one[0][1::-1])
    head = layout.PREFILTER.pack(bits, bucket_bits, stride, len(few))
    made = head + bytes(bitmap) + _sums(buckets)
    made += bytes(-len(made) % 8) + entries
    if few:
        starts = [0] * (65536 + 1)
        for anchor, _ in few:
            starts[int.from_bytes(anchor[:2], "little") + 1] += 1
        made += _sums(starts)
        for anchor, signature in few:
            third = anchor[2:] or b"\0"
            made += layout.SHORT.pack(signature, 255 * (len(anchor) > 2), third[0])
    return made, len(ordered)


def _sums(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *itertools.accumulate(numbers))


def hash_set(
    digests: Sequence[bytes],
    sizes: Sequence[int] | None = None,
    *,
    first: int = 0,
    bits: int = 2,
    scope: int = 0,
    flags: int = 0,
) -> tuple[bytes, int]:
    """Lay a set of sorted digests out, and its count."""
    width = len(digests[0])
    flags |= sizes is not None
    made = layout.HASHES.pack(width, scope, flags, bits, first)
    starts = [0] * ((1 << bits) + 1)
    for digest in digests:
        starts[(int.from_bytes(digest[:4], "big") >> 32 - bits) + 1] += 1
    made += _sums(starts)
    made += bytes(-len(made) % 8) + b"".join(digests)
    if sizes is not None:
        made += bytes(-len(made) % 8) + struct.pack(f"<{len(sizes)}Q", *sizes)
    return made, len(digests)


def names(*given: bytes) -> tuple[bytes, int]:
    ends = [0]
    for name in given:
        ends.append(ends[-1] + len(name))
    return struct.pack(f"<{len(ends)}Q", *ends) + b"".join(given), len(given)
