"""Local headers: what stands before the data of each member.

Layout, little endian (APPNOTE 4.3.7):

    offset  length  field
    0       4       magic, "PK" 03 04
    4       2       version needed
    6       2       flags
    8       2       method
    10      4       time and date
    14      4       CRC-32
    18      4       packed size
    22      4       size
    26      2       length of the name
    28      2       length of the extra field
    30              name, extra field, data

If flag 3 is set, the three numbers may be zero and follow the data instead, in a data
descriptor.
"""

import re
from dataclasses import dataclass
from struct import Struct

from clearward.formats.zip.claim import DESCRIPTOR, MASKED, Claim
from clearward.formats.zip.extra import ALL_ONES, widened
from clearward.formats.zip.window import Window

LOCAL = b"PK\x03\x04"
HEADER = Struct("<4s2x2H4x3L2H")

# A header that was searched for, not pointed to: a version up to 9.9 of a known system,
# no reserved flag, a method that was ever assigned, a name.
PLAUSIBLE = re.compile(
    rb"PK\x03\x04[\x00-\x63][\x00-\x14].[\x00-\x3f][\x00-\x14\x5d-\x63]\x00.{16}"
    rb"(?!\x00\x00).{4}",
    re.DOTALL,
)
UNPRINTABLE = re.compile(rb"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Local:
    """A local header.

    Attributes:
        name: as stored.
        data: offset of the first byte behind the header.
        claim: what it says about the data.
    """

    name: bytes
    data: int
    claim: Claim


def read_local(window: Window, offset: int) -> Local | None:
    """Return the local header at `offset`, or None if there is no whole one."""
    header = window.at(offset, HEADER.size)
    if len(header) < HEADER.size or not header.startswith(LOCAL):
        return None
    fields = HEADER.unpack(header)
    _, flags, method, crc, packed, size, name_size, extra_size = fields
    name = window.at(offset + HEADER.size, name_size)
    data = offset + HEADER.size + name_size + extra_size
    if ALL_ONES in (packed, size):
        extra = window.at(offset + HEADER.size + name_size, extra_size)
        size, packed = widened(extra, (size, packed))
    later = flags & DESCRIPTOR and not packed
    if later or flags & MASKED or ALL_ONES in (packed, size):
        return Local(name, data, Claim(method, flags, (), None, None))
    return Local(name, data, Claim(method, flags, (crc,), packed, size))


def credible(window: Window, offset: int) -> bool:
    """Say whether a local header is worth reading where one has to stand.

    That is at the start of the part, and right behind another member.
    """
    local = read_local(window, offset)
    if local is None:
        return False
    method = local.claim.method
    assigned = method <= 20 or 93 <= method <= 99  # noqa: PLR2004 - APPNOTE 4.4.5
    return assigned and (bool(local.name) or not _says_nothing(local.claim))


def next_local(window: Window, start: int, stop: int, expected: int) -> int:
    """Return where the next local header worth reading stands, or -1.

    Args:
        window: the part.
        start: where to begin.
        stop: only headers that begin before this.
        expected: where a header has to stand, so that less is asked of it.
    """
    if start <= expected < stop and credible(window, expected):
        stop = expected + 1
    hit = window.search(PLAUSIBLE, start, stop)
    while hit >= 0 and not _fits(window, hit):
        hit = window.search(PLAUSIBLE, hit + 1, stop)
    return expected if hit < 0 and stop == expected + 1 else hit


def _fits(window: Window, offset: int) -> bool:
    """Say whether a local header that was searched for fits into the part."""
    local = read_local(window, offset)
    if local is None or local.data > window.size:
        return False
    packed = local.claim.packed
    if packed is None or packed <= window.size - local.data:
        return True
    return UNPRINTABLE.search(local.name) is None  # a member that was cut off


def _says_nothing(claim: Claim) -> bool:
    return claim.nothing and not claim.method and not claim.flags & DESCRIPTOR
