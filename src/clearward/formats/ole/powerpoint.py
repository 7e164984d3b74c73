"""Objects and macros inside "PowerPoint Document": compound files, mostly compressed.

Layout (MS-PPT 2.3.1, 2.10.34 and following), numbers little-endian:

    2 bytes   bits 0 to 3: version, 15 if other records are inside; 4 to 15: instance
    2 bytes   type: 0x1011 storage of an object, of a control or of macros;
              0x2F14 the document is encrypted
    4 bytes   size of the content
    content   of a storage: in instance 1 its size in 4 bytes and a zlib stream, else
              the compound file itself
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Zlib
from clearward.formats.inflate import Frames

STORAGE, CRYPT = 0x1011, 0x2F14
CONTAINER = 15
FRONT = 4  # bytes of the size
WINDOW = 15  # zlib's, with its header
AT_ONCE = 1 << 18  # bytes of records read together

_HEADER = Struct("<HHI")


def objects(document: Reader) -> Iterator[Item]:
    """Yield each object as a part, and a gap if the document is encrypted."""
    at, start, data = 0, 0, b""
    count = 0
    while at + _HEADER.size <= document.size:
        if not start <= at <= start + len(data) - _HEADER.size:
            start, data = at, document.at(at, AT_ONCE)
            if len(data) < _HEADER.size:
                return
        version, kind, size = _HEADER.unpack_from(data, at - start)
        at += _HEADER.size
        if version & CONTAINER == CONTAINER and kind != STORAGE:
            if kind == CRYPT:
                yield Gap(Reason.ENCRYPTED)
            continue
        if kind == STORAGE:
            count += 1
            size = min(size, document.size - at)
            content = document.slice(at, size)
            yield _object(content, version >> 4 == 1, count)
        at += size


def _object(content: Reader, compressed: bool, count: int) -> Part:  # noqa: FBT001
    name = b"object/%d" % count
    if not compressed or content.size < FRONT:
        return Part(content, name)
    size = int.from_bytes(content.at(0, FRONT), "little")
    packed = content.slice(FRONT, content.size - FRONT)
    return Part(Stream(_inflated(packed, size)), name, packed=packed.size)


def _inflated(packed: Reader, size: int) -> Iterator[bytes]:
    """Yield a storage; its stream may lack an end once there are `size` bytes.

    PowerPoint for Macintosh leaves end and checksum out, and nobody looks at them.
    """
    head = packed.at(0, 2)
    window = WINDOW
    if head[:1] == b"\x78" and int.from_bytes(head, "big") % 31 == 0:
        packed, window = packed.slice(2, packed.size - 2), -WINDOW
    try:
        frames = Frames("ole", Cursor(packed), lambda _: Zlib(window), once=True)
        for chunk in frames:
            size -= len(chunk)
            yield chunk
    except Truncated:
        if size > 0:
            raise
