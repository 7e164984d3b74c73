"""The head of a set of digests: what all its other files have to be.

    0    8   "CWDIGEST"
    8    8   records of the list, little-endian, as all numbers here
    16   32  SHA-256 of the labels
    48       for each of the 4,096 prefixes, 68 bytes:
             4   records
             32  SHA-256 of them, as they stand in the list
             32  SHA-256 of their bucket

So a part of the list, or a bucket, can be checked by itself. The SHA-256 of the head
is the set's id: whoever has it knows that he has the same set as everybody else.
"""

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from clearward.core.errors import Malformed
from clearward.reputation.records import PREFIXES

FORMAT = "head"
_MAGIC = b"CWDIGEST"
_FRONT = struct.Struct("<8sQ32s")
_PREFIX = struct.Struct("<I32s32s")
SIZE = _FRONT.size + PREFIXES * _PREFIX.size


@dataclass(frozen=True, slots=True)
class Prefix:
    """What the head says of one prefix.

    Attributes:
        records: how many there are.
        part: SHA-256 of them.
        bucket: SHA-256 of their bucket.
    """

    records: int
    part: bytes
    bucket: bytes


@dataclass(frozen=True)
class Head:
    """The head of a set.

    Attributes:
        labels: SHA-256 of the labels.
        prefixes: one for each.
    """

    labels: bytes
    prefixes: tuple[Prefix, ...]

    @cached_property
    def id(self) -> bytes:
        """SHA-256 of the head."""
        return hashlib.sha256(self.to_bytes()).digest()

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """For each prefix the records before it, and last how many there are."""
        return (0, *accumulate(one.records for one in self.prefixes))

    @property
    def records(self) -> int:
        """Records of the list."""
        return self.starts[-1]

    @cached_property
    def fullest(self) -> int:
        """Records of the prefix that has most: so many fit into each bucket."""
        return max(one.records for one in self.prefixes)

    def to_bytes(self) -> bytes:
        """Return the head as its file has it."""
        fields = (
            _PREFIX.pack(one.records, one.part, one.bucket) for one in self.prefixes
        )
        front = _FRONT.pack(
            _MAGIC, sum(one.records for one in self.prefixes), self.labels
        )
        return front + b"".join(fields)

    @classmethod
    def parse(cls, data: bytes) -> "Head":
        """Read a head.

        Raises:
            Malformed: it is none.
        """
        if len(data) != SIZE:
            raise Malformed(FORMAT, min(len(data), SIZE), "length")
        magic, records, labels = _FRONT.unpack_from(data)
        if magic != _MAGIC:
            raise Malformed(FORMAT, 0, "magic")
        fields = _PREFIX.iter_unpack(memoryview(data)[_FRONT.size :])
        head = cls(labels, tuple(Prefix(*one) for one in fields))
        if head.records != records:
            raise Malformed(FORMAT, len(magic), "records")
        return head
