"""A binary fuse filter of 16 bits: is a digest perhaps one of a set?

It takes 2.25 bytes a digest, never misses a member, and takes one other digest in
65,536 for one. Its bytes follow from the set and a seed, whatever the order:

* A key is the first 8 bytes of a digest, little-endian. All arithmetic is modulo 2^64.
* Its hash is the end of MurmurHash3 over key + seed.
* It has one slot in each of three segments beside each other: the first is the upper
  half of the hash, scaled to the slots of the first `segments`; the second and third
  are a segment and two further, their places in it changed by bits of the hash.
* The exclusive or of its three slots is its print, 16 bits of the hash.
* Slots are filled in the reverse of the order in which keys are taken out: go through
  the slots; take out the key that is alone in one; then, the last found first, those
  that this leaves alone in slots of theirs, which are looked at in the order of their
  segments. A key gets the slot in which it was alone.

If not all keys can be taken out, or more than 63 are in a slot, another seed is needed.
`fuse.c` does the same as the Python below, a hundred times as fast; where it was not
built, this is what runs.

Source: Graf and Lemire, Binary Fuse Filters, 2022, arXiv 2201.01174, section 3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from typing_extensions import Buffer

WAYS = 3
KEY_BYTES = 8
SLOT_BYTES = 2
_MOST_IN_SLOT = 63
_WORD = (1 << 64) - 1
_HALF = (1 << 32) - 1

# From how many digests on a segment has 4 slots, 8, 16 and so on: 3.33 to the power of
# 2 - 2.25, of 3 - 2.25, ... (section 4 of the source), written down so that no machine
# rounds otherwise.
_SEGMENTS_FROM = (
    *(1, 3, 9, 28, 92, 304, 1_010, 3_362, 11_193, 37_273, 124_118, 413_310),
    *(1_376_322, 4_583_150, 15_261_887, 50_822_082, 169_237_530),
)
# Slots for a thousand digests, by the bits of their number: 875 + 250 ln 10^6 / ln n,
# at least 1,125 (the same), for the smallest such n; 0 and 1 are ours.
_SLOTS_A_THOUSAND = (
    *(6_000, 6_000, 5_858, 3_367, 2_536, 2_121, 1_872, 1_706, 1_587, 1_498, 1_429),
    *(1_374, 1_328, 1_291, 1_259, 1_231, 1_208, 1_187, 1_169, 1_152, 1_138, 1_125),
)
_THOUSAND = 1_000
MOST_DIGESTS = 1_000_000_000

_build: Callable[[Buffer, int, int, int, int], bytes | None] | None
_has: Callable[[Buffer, Buffer, int, int, int, int], bytes] | None
try:
    from clearward.reputation._compiled import build as _build
    from clearward.reputation._compiled import has as _has
except ImportError:  # there was no compiler
    _build = _has = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a filter is.

    Attributes:
        segment: slots of a segment, a power of two.
        segments: in which keys begin; two more follow.
    """

    segment: int
    segments: int

    @classmethod
    def of(cls, digests: int) -> "Shape":
        """Return the shape for a number of digests.

        Raises:
            ValueError: they are more than `MOST_DIGESTS`.
        """
        if not 0 <= digests <= MOST_DIGESTS:
            raise ValueError(f"{digests} digests, at most {MOST_DIGESTS}")
        larger = sum(digests >= least for least in _SEGMENTS_FROM)
        segment = 2 << max(larger, 1)
        bits = min(digests.bit_length(), len(_SLOTS_A_THOUSAND) - 1)
        slots = -(-digests * _SLOTS_A_THOUSAND[bits] // _THOUSAND)
        return cls(segment, max(-(-slots // segment) - WAYS + 1, 1))

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return (self.segments + WAYS - 1) * self.segment


def build(records: Buffer, width: int, seed: int, shape: Shape) -> bytes | None:
    """Return the slots, two bytes each; None if another seed is needed.

    Args:
        records: that begin with digests, in order.
        width: bytes of a record.
        seed: below 2^64.
        shape: for at least as many.
    """
    if _build is not None:
        return _build(records, width, seed, shape.segment, shape.segments)
    return built_plainly(records, width, seed, shape)


def has(slots: Buffer, records: Buffer, width: int, seed: int, shape: Shape) -> bytes:
    """Return 1 for each record whose digest is a member or seems to be, else 0.

    Args:
        slots: of a filter that was built with this seed and shape.
        records: that begin with digests.
        width: bytes of a record.
        seed: of the filter.
        shape: of the filter.
    """
    if _has is not None:
        return _has(slots, records, width, seed, shape.segment, shape.segments)
    return asked_plainly(slots, records, width, seed, shape)


def built_plainly(records: Buffer, width: int, seed: int, shape: Shape) -> bytes | None:
    """Return what `build` does, in plain Python: this says what is right."""
    keys = [key for key, _ in groupby(_keys(records, width))]
    counted, together = [0] * shape.slots, [0] * shape.slots
    for key in keys:
        hashed = mix(key, seed)
        for place in places(hashed, shape):
            counted[place] += 1
            together[place] ^= hashed
    if max(counted) > _MOST_IN_SLOT:
        return None
    order = _taken(counted, together, shape)
    if len(order) != len(keys):
        return None
    slots = [0] * shape.slots
    for hashed, own in reversed(order):
        slots[own] ^= fingerprint(hashed) ^ _together(slots, places(hashed, shape))
    return b"".join(slot.to_bytes(SLOT_BYTES, "little") for slot in slots)


def asked_plainly(
    slots: Buffer, records: Buffer, width: int, seed: int, shape: Shape
) -> bytes:
    """Return what `has` does, in plain Python."""
    cells = memoryview(slots).cast("B")

    def member(key: int) -> bool:
        hashed = mix(key, seed)
        found = 0
        for place in places(hashed, shape):
            at = place * SLOT_BYTES
            found ^= int.from_bytes(cells[at : at + SLOT_BYTES], "little")
        return found == fingerprint(hashed)

    return bytes(map(member, _keys(records, width)))


def mix(key: int, seed: int) -> int:
    """Return the hash of a key."""
    hashed = key + seed & _WORD
    hashed = (hashed ^ hashed >> 33) * 0xFF51AFD7ED558CCD & _WORD
    hashed = (hashed ^ hashed >> 33) * 0xC4CEB9FE1A85EC53 & _WORD
    return hashed ^ hashed >> 33


def places(hashed: int, shape: Shape) -> tuple[int, ...]:
    """Return the three slots of a key."""
    first = (hashed >> 32) * (shape.segments * shape.segment) >> 32
    mask = shape.segment - 1
    return (
        first,
        (first + shape.segment) ^ (hashed & _HALF & mask),
        (first + 2 * shape.segment) ^ (_more(hashed) >> 24 & mask),
    )


def fingerprint(hashed: int) -> int:
    """Return the 16 bits that the slots of a key have together."""
    return _more(hashed) >> 48


def _more(hashed: int) -> int:
    return hashed * 0x9E3779B97F4A7C15 & _WORD


def _keys(records: Buffer, width: int) -> list[int]:
    data = memoryview(records).cast("B")
    starts = range(0, len(data), width)
    return [int.from_bytes(data[at : at + KEY_BYTES], "little") for at in starts]


def _together(slots: list[int], held: tuple[int, ...]) -> int:
    first, second, third = held
    return slots[first] ^ slots[second] ^ slots[third]


def _taken(
    counted: list[int], together: list[int], shape: Shape
) -> list[tuple[int, int]]:
    """Take out all keys that can be: return their hashes and the slots they get."""
    order: list[tuple[int, int]] = []
    for slot, count in enumerate(counted):
        alone = [slot] if count == 1 else []
        while alone:
            own = alone.pop()
            if counted[own] != 1:
                continue
            hashed = together[own]
            order.append((hashed, own))
            for place in places(hashed, shape):
                counted[place] -= 1
                together[place] ^= hashed
                if counted[place] == 1:
                    alone.append(place)
    return order
