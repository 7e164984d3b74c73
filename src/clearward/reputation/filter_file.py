"""The file of a filter.

    0    8   "CWFUSE16"
    8    4   number of the seed, from 0, little-endian, as all numbers here
    12   4   slots of a segment
    16   4   segments in which keys begin
    20   4   0
    24   8   records of the list it was built from
    32   32  id of the set: SHA-256 of its head
    64       slots, two bytes each
    end  32  SHA-256 of all before

Seeds are tried in turn: the first 8 bytes, little-endian, of the SHA-256 of "clearward
filter", a zero byte, the id and the number of the seed (4 bytes). So nobody chooses a
seed, nobody knows it before the list is complete, and everybody gets the same file.
"""

import hashlib
import struct
from dataclasses import dataclass

from typing_extensions import Buffer

from clearward.core.errors import Malformed, Refused
from clearward.reputation import fuse
from clearward.reputation.fuse import KEY_BYTES, MOST_DIGESTS, SLOT_BYTES, Shape
from clearward.reputation.records import DIGEST, WIDTH

FORMAT = "filter"
_MAGIC = b"CWFUSE16"
_FRONT = struct.Struct("<8sIIIIQ32s")
_SUM = 32
MOST_SEEDS = 1_000  # each serves in more than half of all cases
_SEEDS = b"clearward filter\0"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter.

    Attributes:
        set_id: SHA-256 of the set's head.
        records: of the list it was built from.
        number: of the seed.
        slots: two bytes each.
    """

    set_id: bytes
    records: int
    number: int
    slots: memoryview

    @classmethod
    def build(cls, set_id: bytes, records: Buffer) -> "Filter":
        """Build the filter of a list.

        Args:
            set_id: SHA-256 of the set's head.
            records: the list.

        Raises:
            Refused: no seed serves, which does not happen with digests.
        """
        count = len(memoryview(records).cast("B")) // WIDTH
        shape = Shape.of(count)
        for number in range(MOST_SEEDS):
            slots = fuse.build(records, WIDTH, seed(set_id, number), shape)
            if slots is not None:
                return cls(set_id, count, number, memoryview(slots))
        raise Refused("no filter can be built of these digests")

    @classmethod
    def parse(cls, data: bytes) -> "Filter":
        """Read a filter.

        Raises:
            Malformed: it is none, or not whole.
        """
        end = len(data) - _SUM
        if end < _FRONT.size:
            raise Malformed(FORMAT, len(data), "length")
        view = memoryview(data)
        magic, number, segment, segments, none, records, set_id = _FRONT.unpack_from(
            data
        )
        if magic != _MAGIC:
            raise Malformed(FORMAT, 0, "magic")
        if hashlib.sha256(view[:end]).digest() != view[end:]:
            raise Malformed(FORMAT, end, "SHA-256")
        if number >= MOST_SEEDS or none or records > MOST_DIGESTS:
            raise Malformed(FORMAT, len(magic), "number")
        shape = Shape.of(records)
        if shape != Shape(segment, segments):
            raise Malformed(FORMAT, 12, "shape")
        if end - _FRONT.size != shape.slots * SLOT_BYTES:
            raise Malformed(FORMAT, end, "slots")
        return cls(set_id, records, number, view[_FRONT.size : end])

    def to_bytes(self) -> bytes:
        """Return the filter as its file has it."""
        shape = Shape.of(self.records)
        numbers = (self.number, shape.segment, shape.segments, 0, self.records)
        front = _FRONT.pack(_MAGIC, *numbers, self.set_id)
        data = front + self.slots
        return data + hashlib.sha256(data).digest()

    def has(self, digests: Buffer) -> bytes:
        """Return 1 for each digest that is a member or seems to be, else 0.

        Args:
            digests: 32 bytes each, behind each other.
        """
        used = seed(self.set_id, self.number)
        return fuse.has(self.slots, digests, DIGEST, used, Shape.of(self.records))


def seed(set_id: bytes, number: int) -> int:
    """Return a seed of a set."""
    hashed = hashlib.sha256(_SEEDS + set_id + number.to_bytes(4, "little")).digest()
    return int.from_bytes(hashed[:KEY_BYTES], "little")
