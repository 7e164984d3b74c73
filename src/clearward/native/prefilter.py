"""The prefilter: which signatures of a partition may match a part at all.

Long keys: at each place that is a multiple of the stride and has four bytes, these four
(little-endian) are the key. If its bit in the bitmap is set, every entry of its bucket
with the same key is compared: the eight bytes from there on, little-endian, with zeros
behind the end of the part, under the mask, must be the value.

Short keys: at each place that has two bytes, these two (little-endian) name a bucket;
an entry of it matches if the byte behind them, 0 behind the end of the part, is its
third byte under its mask.

Every long entry has its bit set in the bitmap and stands in the bucket of its key, and
no value has bits outside of its mask: that is checked, so that every reader of an image
finds the same.
"""

from dataclasses import dataclass

from clearward.native.layout import HASH_FACTOR, LONG, PREFILTER, SHORT
from clearward.native.span import Numbers, Span

KEYS = 1 << 16
BITMAP_BITS = range(10, 25)
BUCKET_BITS = range(4, 25)
STRIDES = (1, 2, 4)
WORD = 0xFFFFFFFF


def hash_of(key: int) -> int:
    """Return 32 bits whose leading ones number a key's bit and bucket."""
    return key * HASH_FACTOR & WORD


@dataclass(frozen=True, slots=True)
class Prefilter:
    """The prefilter of one partition, checked.

    Attributes:
        bitmap: a bit for each leading bits of a hash, the lowest of a byte first.
        bitmap_shift, bucket_shift: what is taken off a hash.
        stride: bytes between two places.
        starts: where buckets begin among the long entries, and the end.
        longs, shorts: entries.
        short_starts: likewise; empty if there are none.
    """

    bitmap: memoryview
    bitmap_shift: int
    bucket_shift: int
    stride: int
    starts: Numbers
    longs: memoryview
    short_starts: Numbers
    shorts: memoryview

    def candidates(self, data: bytes) -> set[int]:
        """Return the signatures of which an anchor stands in `data`."""
        found: set[int] = set()
        padded = data + bytes(8)
        for place in range(0, len(data) - 3, self.stride):
            mixed = hash_of(int.from_bytes(padded[place : place + 4], "little"))
            bit = mixed >> self.bitmap_shift
            if self.bitmap[bit >> 3] >> (bit & 7) & 1:
                there = int.from_bytes(padded[place : place + 8], "little")
                found.update(self._bucket(mixed >> self.bucket_shift, there))
        if self.shorts:
            for place in range(len(data) - 1):
                key = padded[place] | padded[place + 1] << 8
                first, last = self.short_starts[key], self.short_starts[key + 1]
                for at in range(first, last):
                    signature, mask, third = SHORT.unpack_from(self.shorts, at * 8)
                    if padded[place + 2] & mask == third:
                        found.add(signature)
        return found

    def _bucket(self, bucket: int, there: int) -> list[int]:
        found: list[int] = []
        for at in range(self.starts[bucket], self.starts[bucket + 1]):
            key, signature, value, mask = LONG.unpack_from(self.longs, at * LONG.size)
            if key == there & WORD and there & mask == value:
                found.append(signature)
        return found


def read_prefilter(data: memoryview, count: int, signatures: int) -> Prefilter:
    """Read a prefilter and check every entry.

    Args:
        data: all of its section.
        count: of long entries.
        signatures: an entry may name those below this number.

    Raises:
        BadImage: it breaks the layout.
    """
    span = Span(data, "a prefilter")
    bits, bucket_bits, stride, shorts = span.fields(PREFILTER)
    span.check(bits in BITMAP_BITS, "size of the bitmap")
    span.check(bucket_bits in BUCKET_BITS, "number of buckets")
    span.check(stride in STRIDES, "stride")
    bitmap = span.take((1 << bits) // 8)
    starts = _starts(span, (1 << bucket_bits) + 1, count)
    span.check(not any(span.take(-span.at % 8)), "padding")
    longs = span.take(count * LONG.size)
    short_starts = Numbers(memoryview(b""))
    if shorts:
        short_starts = _starts(span, KEYS + 1, shorts)
    entries = span.take(shorts * SHORT.size)
    span.done()
    found = Prefilter(
        bitmap,
        32 - bits,
        32 - bucket_bits,
        stride,
        starts,
        longs,
        short_starts,
        entries,
    )
    _check_longs(span, found, signatures)
    for signature, mask, third in SHORT.iter_unpack(entries):
        span.check(signature < signatures, "signature")
        span.check(not third & ~mask, "value outside its mask")
    return found


def _starts(span: Span, count: int, last: int) -> Numbers:
    """Read ascending numbers from 0 to `last`."""
    found = span.numbers(count)
    span.check(found[0] == 0 and found[count - 1] == last, "bucket")
    previous = 0
    for start in found:
        span.check(previous <= start, "bucket")
        previous = start
    return found


def _check_longs(span: Span, found: Prefilter, signatures: int) -> None:
    bucket = 0
    for at, (key, signature, value, mask) in enumerate(LONG.iter_unpack(found.longs)):
        while found.starts[bucket + 1] <= at:
            bucket += 1
        mixed = hash_of(key)
        bit = mixed >> found.bitmap_shift
        span.check(mixed >> found.bucket_shift == bucket, "bucket")
        span.check(found.bitmap[bit >> 3] >> (bit & 7) & 1, "bitmap")
        span.check(signature < signatures, "signature")
        span.check(not value & ~mask, "value outside its mask")
