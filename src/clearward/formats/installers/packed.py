"""Streams as installers pack them: LZMA with its properties in front, deflate, bzip2.

    LZMA      properties (1: lc + 9 * (lp + 5 * pb)), dictionary (4), data; a byte 0
              or 1 may stand in front, 1 for a filter of x86 calls on top
    bzip2     see `lz/blocksort`
    deflate   RFC 1951, without a header

None of them has a magic; the first bytes tell.
"""

import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from clearward.core.limits import MIB
from clearward.core.reader import Cursor, Reader
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Zlib
from clearward.formats.inflate import Frames
from clearward.formats.lz import blocksort, blocksorted

LARGEST = 64 * MIB  # of a dictionary
SMALLEST = 4096
PROPERTIES = 5
LC, LP = 9, 5  # values of each in the byte of properties
LITERAL_BITS = 4  # lc and lp together, at most
BLOCK = bytes((blocksort.BLOCK,))
BLOCK_PLACE = 14  # upper byte of a place in a block is less


def unpacked(content: Reader, name: str) -> Iterator[bytes]:
    """Yield what a stream holds, whichever kind it is of.

    Args:
        content: the stream; what lies behind its end is not looked at.
        name: of the format, for errors.

    Raises:
        Malformed: the stream is damaged.
        Truncated: it ends too early.
    """
    head = content.at(0, PROPERTIES + 2)
    filtered = head[:1] in (b"\0", b"\1") and is_lzma(head[1:])
    if filtered or is_lzma(head):
        yield from _lzma(content, name, filtered=filtered, x86=head[:1] == b"\1")
    elif head[:1] == BLOCK and head[1:2] < bytes((BLOCK_PLACE,)):
        yield from blocksorted.expand(content, name)
    else:
        yield from _frames(content, name, lambda: Zlib(-zlib.MAX_WBITS))


def is_lzma(head: bytes) -> bool:
    """Say whether bytes look like properties of LZMA and the first byte of data."""
    if len(head) <= PROPERTIES or head[PROPERTIES] or head[0] >= LC * LP * LP:
        return False
    size = int.from_bytes(head[1:PROPERTIES], "little")
    return head[:1] == b"]" and size >= SMALLEST and not size & (SMALLEST - 1)


def lzma_filter(head: bytes) -> dict[str, Any]:
    """Return what liblzma is told of a stream with these properties in front.

    Raises:
        ValueError: they are none.
    """
    literal, rest = head[0] % LC, head[0] // LC
    position, before = rest // LP, rest % LP
    if position >= LP or literal + before > LITERAL_BITS:
        raise ValueError("properties")
    size = int.from_bytes(head[1:PROPERTIES], "little")
    return {
        "id": lzma.FILTER_LZMA1,
        "dict_size": min(max(size, SMALLEST), LARGEST),
        "lc": literal,
        "lp": before,
        "pb": position,
    }


def _lzma(content: Reader, name: str, *, filtered: bool, x86: bool) -> Iterator[bytes]:
    start = PROPERTIES + filtered
    properties = content.at(start - PROPERTIES, PROPERTIES)
    chain = [lzma_filter(properties)]
    if filtered and x86:
        chain.insert(0, {"id": lzma.FILTER_X86})
    too_large = int.from_bytes(properties[1:], "little") > LARGEST
    reason = Reason.MEMORY_LIMIT if too_large else Reason.CORRUPT
    body = content.slice(start, content.size - start)

    def begin() -> Decompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)

    yield from _frames(body, name, begin, reason)


def _frames(
    content: Reader,
    name: str,
    begin: Callable[[], Decompressor],
    reason: Reason = Reason.CORRUPT,
) -> Iterator[bytes]:
    yield from Frames(
        name,
        Cursor(content),
        lambda _: begin(),
        once=True,
        errors=(lzma.LZMAError, zlib.error),
        reason_of=lambda _: reason,
    )
