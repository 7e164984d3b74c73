"""Compressed streams, and what unpacking them gave."""

import lzma
import zlib
from collections.abc import Iterable

from lz4 import block

from clearward.core.errors import Malformed
from clearward.core.part import Item, Part
from clearward.core.reader import Stream
from clearward.formats.unpack import lz4

CONTENT = bytes(range(256)) * 9
UNKNOWN = b"\xff" * 8  # size of an LZMA file that has an end mark


def noise(words: int) -> bytes:
    """Bytes that do not get smaller, four for each word."""
    return b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(words))


NOISE = noise(16_000)


def opened(items: Iterable[Item]) -> tuple[list[bytes], Malformed | None]:
    """What each part gave, and what ended it."""
    found: list[bytes] = []
    try:
        for item in items:
            assert isinstance(item, Part)
            assert isinstance(item.content, Stream)
            found.append(b"")
            for chunk in item.content.rest():
                found[-1] += chunk
    except Malformed as error:
        return found, error
    return found, None


def gzip_member(content: bytes = CONTENT, flags: int = 0, fields: bytes = b"") -> bytes:
    """A member of a gzip file whose header has some fields."""
    header = b"\x1f\x8b\x08" + bytes((flags, 0, 0, 0, 0, 0, 3))
    trailer = zlib.crc32(content), len(content)
    ends = b"".join(number.to_bytes(4, "little") for number in trailer)
    return header + fields + zlib.compress(content)[2:-4] + ends


def skippable(content: bytes, number: int = 0) -> bytes:
    """A frame that readers of zstd and LZ4 pass over."""
    size = len(content).to_bytes(4, "little")
    return bytes((0x50 + number, 0x2A, 0x4D, 0x18)) + size + content


def lz4_legacy(*blocks: bytes) -> bytes:
    """A frame of LZ4 as its first versions wrote it."""
    packed = [block.compress(content, store_size=False) for content in blocks]
    sized = [len(one).to_bytes(4, "little") + one for one in packed]
    return lz4.LEGACY + b"".join(sized)


def lzma_alone(
    content: bytes = CONTENT,
    dictionary: int = 1 << 23,
    size: int | None = None,
    **options: int,
) -> bytes:
    """An LZMA file whose header declares a dictionary and a size, whatever was used."""
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, **options}]
    data = lzma.compress(content, lzma.FORMAT_ALONE, filters=filters)
    declared = UNKNOWN if size is None else size.to_bytes(8, "little")
    return data[:1] + dictionary.to_bytes(4, "little") + declared + data[13:]
