"""Unpack LHA and LZH archives.

Layout of a member's header at levels 0 and 1 (LHA header notes of its authors, as the
manual of lhasa collects them); 2 and 3 begin alike:

    offset  length  field
    0       1       size of the header, or its low byte
    1       1       sum of the header's bytes; 0 or more of the size
    2       5       method: "-lh0-" stored, "-lh5-" to "-lh7-", "-lhd-" a folder
    7       4       packed size, little-endian
    11      4       size
    20      1       level
    21              name, and more; then the packed content

libarchive reads the members, but those of the methods 1 and 4, which it does not know:
they are decoded here. Any other method is a gap for the member.
"""

from collections.abc import Iterator
from dataclasses import replace

from clearward.core.part import Item, Mention, Part
from clearward.core.reader import Reader, Stream
from clearward.formats import libarchive
from clearward.formats.lha_headers import Header, headers
from clearward.formats.lz import lzh, lzhuf
from clearward.formats.lz.crc16 import crc16
from clearward.formats.lz.declared import Declared

NAME = "lha"
FIRST, FOURTH = b"-lh1-", b"-lh4-"
OWN = (FIRST, FOURTH)
WINDOW_4, DISTANCE_BITS_4 = 4096, 4


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content of each member in archive order.

    Raises:
        Malformed: a header is wrong. What came before has been yielded.
        Truncated: the archive ends too early.
    """
    known = enumerate(headers(archive), 1)
    position, header = next(known, (0, None))
    for item in libarchive.unpack(NAME, archive, "lha"):
        if isinstance(item, Mention):
            yield item
            continue
        while header is not None and item.member and position < item.member.position:
            position, header = next(known, (0, None))
        name = _raw(item.name)
        if isinstance(item, Part) and header is not None and header.method in OWN:
            content = Stream(_content(archive, header))
            yield replace(item, name=name, content=content, packed=header.packed)
        else:
            yield replace(item, name=name)


def _content(archive: Reader, header: Header) -> Iterator[bytes]:
    """The content of a member that libarchive does not unpack.

    Raises:
        Malformed: it is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """
    start = min(header.start, archive.size)
    packed = archive.slice(start, min(header.packed, archive.size - start))
    if header.method == FIRST:
        chunks = lzhuf.expand(packed, NAME, header.size)
    else:
        chunks = lzh.expand(packed, NAME, header.size, WINDOW_4, DISTANCE_BITS_4)
    return Declared(NAME, start, header.size, header.crc).hold(chunks, crc16)


def _raw(name: bytes) -> bytes:
    """The name as it is stored: the library takes one byte for one character."""
    try:
        return name.decode().encode("latin-1")
    except UnicodeError:
        return name  # it was stored as UTF-16
