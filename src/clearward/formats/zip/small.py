"""A small deflated member, unpacked at once.

Most members are small and what their headers say. For these the way through `Decoding`,
which is ready for anything, takes longer than unpacking.
"""

from zlib import crc32

from zlib_ng import zlib_ng

from clearward.core.limits import KIB, MIB
from clearward.formats.zip.claim import Claim
from clearward.formats.zip.window import Window

MOST_PACKED = 256 * KIB
MOST = 1 * MIB  # bytes of content


def inflated(window: Window, start: int, claim: Claim) -> bytes | None:
    """Return the content of a member; None unless it is all that its header says.

    Args:
        window: the archive.
        start: offset of the data.
        claim: what the header says.
    """
    packed, size = claim.packed, claim.size
    if not packed or size is None or packed > MOST_PACKED or size > MOST:
        return None
    data = window.at(start, packed)
    inner = zlib_ng.decompressobj(-15)
    try:
        content = inner.decompress(data, size + 1)
    except zlib_ng.error:  # type: ignore[misc]  # so the stub says
        return None
    whole = inner.eof and not inner.unused_data and len(data) == packed
    if not whole or len(content) != size:
        return None
    return content if not claim.crcs or crc32(content) in claim.crcs else None
