"""Data descriptors: what stands behind a member whose header did not know its sizes.

Layout, little endian (APPNOTE 4.3.9): an optional magic "PK" 07 08, CRC-32 (4 bytes),
packed size and size (4 bytes each, 8 in zip64). Nothing says which of the four forms it
is, so a descriptor counts only if it tells the truth.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from zlib import crc32

from clearward.core.reader import CHUNK
from clearward.formats.zip.extra import ALL_ONES
from clearward.formats.zip.window import Window

BEHIND = b"PK\x07\x08"
SHORT = Struct("<3L")
LONG = Struct("<L2Q")

# What may follow a member: a descriptor, a header, any record of the directory.
SIGNATURE = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x06|\x07\x08|\x06[\x06-\x08])")
MOST_SIGNATURES = 65536


def descriptor_size(
    window: Window, offset: int, crc: int, packed: int, size: int
) -> int:
    """Return the length of the descriptor at `offset` that says this, or 0."""
    data = window.at(offset, len(BEHIND) + LONG.size)
    magic = len(BEHIND) if data.startswith(BEHIND) else 0
    found = data[magic:]
    if found.startswith(LONG.pack(crc, packed, size)):
        return magic + LONG.size
    if max(packed, size) <= ALL_ONES and found.startswith(
        SHORT.pack(crc, packed, size)
    ):
        return magic + SHORT.size
    return 0


@dataclass(frozen=True, slots=True)
class Extent:
    """Where stored data ends whose header does not say it.

    Attributes:
        size: bytes of the data.
        sound: a descriptor with that size and the right CRC-32 follows.
    """

    size: int
    sound: bool


def stored_extent(window: Window, start: int) -> Extent:
    """Return how far stored data reach, by the descriptor behind them.

    Without one they reach up to the next header, or to the end of the part. Time is
    linear in what is read: the CRC-32 is carried on from one candidate to the next, and
    of those there are at most `MOST_SIGNATURES`.
    """
    crc = 0
    counted = start  # the CRC-32 is of the bytes up to here
    first = -1
    for hit in _signatures(window, start):
        marked = window.at(hit, len(BEHIND)) == BEHIND
        end = _end_by_descriptor(window, start, hit, marked=marked)
        if end >= counted:
            crc = crc_of(window, counted, end - counted, crc)
            counted = end
            if descriptor_size(window, end, crc, end - start, end - start):
                return Extent(end - start, sound=True)
        if first < 0 and not marked:
            first = hit
    return Extent(first - start, sound=False)


def crc_of(window: Window, start: int, size: int, crc: int = 0) -> int:
    """Return the CRC-32 of a stretch of the part, carried on from `crc`."""
    while size > 0 and (data := window.at(start, min(size, CHUNK))):
        crc = crc32(data, crc)
        start += len(data)
        size -= len(data)
    return crc


def _signatures(window: Window, start: int) -> Iterator[int]:
    """Yield where a member that begins at `start` may end: signatures, then the end."""
    hit = start - 1
    for _ in range(MOST_SIGNATURES):
        hit = window.search(SIGNATURE, hit + 1, window.size)
        if hit < 0:
            break
        yield hit
    yield window.size


def _end_by_descriptor(window: Window, start: int, hit: int, *, marked: bool) -> int:
    """Return where data end if the sizes of a descriptor are right, or -1.

    A descriptor with a magic begins at `hit`; one without ends there.
    """
    if marked:
        data = window.at(hit + 4, LONG.size)
        return hit if _tells(data, hit - start) else -1
    for layout in (SHORT, LONG):
        end = hit - layout.size
        if end >= start and _tells(window.at(end, layout.size), end - start):
            return end
    return -1


def _tells(descriptor: bytes, size: int) -> bool:
    for layout in (SHORT, LONG):
        if len(descriptor) >= layout.size:
            _, packed, unpacked = layout.unpack_from(descriptor)
            if packed == unpacked == size:
                return True
    return False
