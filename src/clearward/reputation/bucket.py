"""Buckets: the records of one prefix in a file of the same size as all others.

    0    4   records, little-endian
    4        each: 16 bytes, the digest from its second byte on, and the number of its
             label, big-endian, 4 bytes
             zeros, so that all buckets of a set are as large as the fullest

Whoever fetches one says 12 bits of a digest and no more; its size says nothing. With
the 4 bits that the prefix and the 16 bytes share, 136 bits of a digest are compared.
"""

from clearward.core.errors import Malformed
from clearward.reputation.records import DIGEST
from clearward.reputation.records import WIDTH as RECORD

FORMAT = "bucket"
_COUNT = 4  # bytes
_TAIL = slice(1, 17)
_TAIL_BYTES = 16
_LABEL = 4
_WIDTH = _TAIL_BYTES + _LABEL


def size(fullest: int) -> int:
    """Return the bytes of every bucket, given how many records the fullest has."""
    return _COUNT + fullest * _WIDTH


def bucket(part: memoryview, fullest: int) -> bytes:
    """Return a bucket.

    Args:
        part: the records of a prefix.
        fullest: records of the fullest bucket.
    """
    count = len(part) // RECORD
    made = bytearray(size(fullest))
    made[:_COUNT] = count.to_bytes(_COUNT, "little")
    end = size(count)
    columns = [*range(_TAIL.start, _TAIL.stop), *range(DIGEST, RECORD)]
    for place, column in enumerate(columns):
        made[_COUNT + place : end : _WIDTH] = part[column::RECORD]
    return bytes(made)


def labels_of(data: bytes, digest: bytes) -> tuple[int, ...]:
    """Return the numbers of the labels that a digest has; none if it is not there.

    Args:
        data: the bucket of its prefix.
        digest: of 32 bytes.

    Raises:
        Malformed: this is no bucket.
    """
    count = int.from_bytes(data[:_COUNT], "little")
    end = size(count)
    if len(data) < end or (len(data) - _COUNT) % _WIDTH:
        raise Malformed(FORMAT, len(data), "length")
    if any(data[end:]):
        raise Malformed(FORMAT, end, "padding")
    tail = digest[_TAIL]
    starts = (at for at in range(_COUNT, end, _WIDTH) if data.startswith(tail, at))
    found = (data[at + _TAIL_BYTES : at + _WIDTH] for at in starts)
    return tuple(int.from_bytes(one, "big") for one in found)
