"""Blocks of SquashFS, packed one by one, and chains of the small ones in its tables.

A block of a table: a length (2, little-endian; 8000: not packed), then so many bytes,
which are at most 8 KiB without packing.

Source: Linux documentation, filesystems/squashfs.
"""

import lzma
import zlib
from collections.abc import Callable, Iterator

import lz4.block
from backports.zstd import ZstdDecompressor, ZstdError

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats.lz import lzo

NAME = "squashfs"
MOST_META = 8192
PLAIN_META = 0x8000
MEMORY = 65 * MIB
ERRORS = (zlib.error, lzma.LZMAError, ZstdError, lz4.block.LZ4BlockError, MemoryError)

Unpack = Callable[[bytes, int], bytes]


def _zlib(data: bytes, most: int) -> bytes:
    return zlib.decompressobj().decompress(data, most)


def _lzma(data: bytes, most: int) -> bytes:
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY).decompress(data, most)


def _xz(data: bytes, most: int) -> bytes:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY).decompress(data, most)


def _lz4(data: bytes, most: int) -> bytes:
    return bytes(lz4.block.decompress(data, uncompressed_size=most))


def _zstd(data: bytes, most: int) -> bytes:
    return ZstdDecompressor().decompress(data, most)


def _lzo(data: bytes, most: int) -> bytes:
    return lzo.block(data, NAME, most)


METHODS: dict[int, Unpack] = {
    1: _zlib,
    2: _lzma,
    3: _lzo,
    4: _xz,
    5: _lz4,
    6: _zstd,
}
"""By the number in the superblock."""


class Blocks:
    """The blocks of a file system.

    Args:
        image: the file system.
        method: unpacks one of them.
    """

    def __init__(self, image: Reader, method: Unpack) -> None:
        self._image = image
        self._method = method

    def block(self, place: int, size: int, most: int, *, plain: bool) -> bytes:
        """Return a block without packing.

        Args:
            place: where it lies.
            size: bytes it takes there.
            most: bytes it may have.
            plain: it is not packed.

        Raises:
            Malformed: it is damaged.
            Truncated: it lies behind the end.
        """
        data = self._image.at(place, min(size, 2 * MIB))
        if len(data) < size:
            raise Truncated(NAME, min(place, self._image.size), "block")
        if plain:
            return data[:most]
        try:
            return self._method(data, most)
        except ERRORS as error:
            raise Malformed(NAME, place, "block") from error

    def table(self, place: int, end: int) -> Iterator[bytes]:
        """Yield the blocks of a table, up to where it ends.

        Raises:
            Malformed: as `block` does.
        """
        end = min(end, self._image.size)
        while place < end:
            head = int.from_bytes(self._image.at(place, 2), "little")
            size = head & ~PLAIN_META
            if not size:
                raise Malformed(NAME, place, "length of a block")
            yield self.block(place + 2, size, MOST_META, plain=bool(head & PLAIN_META))
            place += 2 + size
