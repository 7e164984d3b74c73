"""A small deflated member, unpacked at once.

Most members are small and what their headers say. For these the way through `Decoding`,
which is ready for anything, takes longer than unpacking.
"""

from zlib_ng import zlib_ng
from zlib_ng.zlib_ng import crc32

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
    content = unpacked(window.at(start, packed), packed, size)
    if content is None or (claim.crcs and crc32(content) not in claim.crcs):
        return None
    return content


def unpacked(data: bytes, packed: int, size: int) -> bytes | None:
    """Return what raw deflate holds; None unless it is `packed` bytes for `size`."""
    inner = zlib_ng.decompressobj(-15)
    try:
        content = inner.decompress(data, size + 1)
    except zlib_ng.error:  # type: ignore[misc]  # so the stub says
        return None
    whole = inner.eof and not inner.unused_data and len(data) == packed
    return content if whole and len(content) == size else None
