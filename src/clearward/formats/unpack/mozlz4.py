"""Unpack files of Mozilla's programs: one block of LZ4.

Layout: "mozLz40" or "mozLz4a" and a zero (8), size of the content (4, little-endian), a
block of LZ4. (LZ4 block format; Mozilla, lz4.js)
"""

from collections.abc import Iterator

from lz4 import block

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason

NAME = "mozlz4"
START = 12
MOST = 64 * MIB
RATIO = 255  # a byte of a block becomes no more


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content.

    Raises:
        Malformed: the block is damaged, or holds more than the header says.
        Truncated: the header is cut short.
    """
    head = reader.at(0, START)
    if len(head) < START:
        raise Truncated(NAME, len(head), "header length")
    size = int.from_bytes(head[8:], "little")
    packed = reader.size - START
    if size > MOST or packed > MOST:
        yield Gap(Reason.MEMORY_LIMIT)
        return
    try:
        most = min(size, packed * RATIO)
        content = block.decompress(reader.at(START, packed), uncompressed_size=most)
    except (block.LZ4BlockError, ValueError) as error:
        raise Malformed(NAME, START, "block") from error
    yield Part(Reader.of(content), b"", packed)
    if len(content) < size:
        raise Truncated(NAME, reader.size, "size")
