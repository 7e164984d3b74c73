"""Unpack ActiveMime: the macros of a Word document saved as XML or as web pages.

    offset  length  field
    0       12      "ActiveMime" and two zero bytes
    12              numbers of no use here; there are headers of 50 and of 554 bytes
                    a zlib stream (RFC 1950): a compound file

The stream is looked for where known programs put it, and then anywhere in the front.

Source: oletools documentation, MSO files; seen in documents of Word 2003 to 2016.
"""

import re
import zlib
from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.limits import KIB
from clearward.core.part import Item, Part
from clearward.core.reader import CHUNK, Cursor, Reader, Stream
from clearward.formats.decompressor import Zlib
from clearward.formats.inflate import Frames

NAME = "activemime"
PLACES = (50, 554)
FRONT = 4 * KIB  # bytes in which a stream may begin
PROBE = 256  # bytes of a stream that must be sound

_HEADER = re.compile(rb"[\x08-\x78][\x01-\xff]")


def unpack(document: Reader) -> Iterator[Item]:
    """Yield the file that is packed.

    Raises:
        Malformed: no stream is there, or it is damaged.
    """
    head = document.at(0, FRONT + PROBE)
    places = (*PLACES, *(found.start() for found in _HEADER.finditer(head, 12)))
    start = next((place for place in places if _begins(head, place)), None)
    if start is None:
        raise Malformed(NAME, min(PLACES[0], document.size), "stream")
    frames = Frames(NAME, Cursor(document, start), lambda _: Zlib(15), once=True)
    yield Part(Stream(iter(frames)), b"macros", packed=document.size)
    tail = frames.tail()
    if tail is not None and isinstance(tail, Reader) and tail.at(0, CHUNK).strip(b"\0"):
        yield Part(tail, b"trailing")


def _begins(head: bytes, place: int) -> bool:
    """Say whether a zlib stream begins at a place."""
    if (
        int.from_bytes(head[place : place + 2], "big") % 31
        or not head[place : place + 2]
    ):
        return False
    try:
        return bool(zlib.decompressobj().decompress(head[place : place + PROBE], 1))
    except zlib.error:
        return False
