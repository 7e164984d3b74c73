"""Unpack 7z archives.

Layout (7zFormat.txt in the LZMA SDK), numbers little-endian:

    offset  length  field
    0       6       magic, "7z" BC AF 27 1C
    6       2       version
    8       4       CRC-32 of the next 20 bytes, which are the start header
    12      8       offset of the header behind byte 32
    20      8       size of the header
    28      4       CRC-32 of the header
    32              packed streams, then the header

The header is usually encoded: it then describes streams that hold the real one. Members
lie one behind the other in folders, and a folder is decoded from its front, piece by
piece, as its members are read. Bytes that belong to nothing are parts as well.
"""

from collections.abc import Iterator

from clearward.core.part import Gap, Item
from clearward.core.reader import Reader
from clearward.formats.decompressor import Undecoded
from clearward.formats.seven.archive import Archive

NAME = "7z"
MAGIC = b"7z\xbc\xaf\x27\x1c"


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is a 7z archive."""
    return head.startswith(MAGIC)


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content of each member, then the bytes that belong to nothing.

    A header or a folder that may be whole and cannot be decoded here is a gap, for
    each member of the folder: encrypted, unsupported, or memory-limit.

    Raises:
        Malformed: the header is wrong, or a checksum of it. What could be read in
            spite of that has been yielded.
        Truncated: the header lies behind the end.
    """
    reading = Archive(archive)
    try:
        header = reading.header()
    except Undecoded as error:
        yield Gap(error.reason)
        return
    yield from reading.members(header)
    yield from reading.rest()
    if reading.fault is not None:
        raise reading.fault
