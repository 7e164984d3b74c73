"""Decompressors by zip's method numbers.

Each takes its input piece by piece and gives output in bounded pieces, so that a bomb
costs time that is charged, and no memory. Whatever would need more than `MOST_MEMORY`
for its dictionary or window is refused before that is allocated.

Not here: those that take all of their input first (`formats.zip.chosen`): the methods
of the years before 1993, that of PKWARE's library (10) and PPMd (98). Nor those of one
vendor: 16, 18 and 19, which IBM's mainframes write, 94 (MP3), 96 (JPEG) and 97
(WavPack), which WinZip alone writes, for such files in its own .zipx.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from struct import unpack_from

from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

from clearward.core.limits import MIB
from clearward.formats.decompressor import Decompressor, Zlib
from clearward.formats.deflate64 import Deflate64

MOST_MEMORY = 64 * MIB
WINDOW_LOG = 26  # the same for zstd: 2 to the power of 26
XZ_MEMORY = MOST_MEMORY + MIB  # liblzma counts its own needs too
LZMA_HEADER = 9
LEAST_DICTIONARY = 4096

ERRORS = (zlib.error, lzma.LZMAError, ZstdError, OSError, ValueError, EOFError)
"""What a decompressor raises for damage; `MemoryError` aside."""


class TooLarge(Exception):
    """A dictionary or window beyond `MOST_MEMORY`."""


class Lzma:
    """Raw LZMA (method 14), which ends at a mark or at a size.

    Args:
        filters: as `lzma` takes them.
        size: bytes of the content, or None if there is an end mark.
    """

    def __init__(self, filters: list[dict[str, int]], size: int | None) -> None:
        self._inner = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
        self._left = size

    @property
    def eof(self) -> bool:
        """The end of the stream was reached."""
        return self._left == 0 or self._inner.eof

    @property
    def needs_input(self) -> bool:
        """No more output without more input."""
        return self._inner.needs_input

    @property
    def unused_data(self) -> bytes:
        """Input behind the end mark."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output."""
        if self._left is not None:
            max_length = min(max_length, self._left)
        output = self._inner.decompress(data, max_length)
        if self._left is not None:
            self._left -= len(output)
        return output


def _lzma(header: bytes, size: int | None) -> Decompressor:
    """Make an LZMA decompressor from the header before the stream (APPNOTE 5.8.8).

    Layout: version (2 bytes), length of the properties (2 bytes, always 5), lc, lp and
    pb in one byte, dictionary size (4 bytes).
    """
    if len(header) < LZMA_HEADER or header[2:4] != b"\x05\x00":
        raise ValueError("no LZMA properties")
    packed, dictionary = unpack_from("<BL", header, 4)
    if size is not None:  # a dictionary larger than the content is never used
        dictionary = min(dictionary, max(size, LEAST_DICTIONARY))
    if dictionary > MOST_MEMORY:
        raise TooLarge
    rest, lc = divmod(packed, 9)
    pb, lp = divmod(rest, 5)
    filters = {"id": lzma.FILTER_LZMA1, "dict_size": dictionary}
    return Lzma([{**filters, "lc": lc, "lp": lp, "pb": pb}], size)


def _zstd(header: bytes, size: int | None) -> Decompressor:  # noqa: ARG001
    return ZstdDecompressor(options={DecompressionParameter.window_log_max: WINDOW_LOG})


def _xz(header: bytes, size: int | None) -> Decompressor:  # noqa: ARG001
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)


@dataclass(frozen=True, slots=True)
class Method:
    """How to undo one compression method.

    Attributes:
        make: makes a decompressor from the header of the data and the size of the
            content, if that is known. Raises `TooLarge`, or one of `ERRORS`.
        header: bytes before the compressed stream that `make` wants.
        again: another stream begins with this; empty if there is only one.
        ends: the stream itself says where it ends.
    """

    make: Callable[[bytes, int | None], Decompressor]
    header: int = 0
    again: bytes = b""
    ends: bool = True


ZSTD = Method(_zstd, again=b"\x28\xb5\x2f\xfd")

METHODS: Mapping[int, Method] = {
    8: Method(lambda header, size: Zlib(-15)),  # noqa: ARG005
    9: Method(lambda header, size: Deflate64()),  # noqa: ARG005
    12: Method(lambda header, size: bz2.BZ2Decompressor(), again=b"BZh"),  # noqa: ARG005
    14: Method(_lzma, header=LZMA_HEADER, ends=False),
    20: ZSTD,  # its first number, withdrawn
    93: ZSTD,
    95: Method(_xz, again=b"\xfd7zXZ\0"),
}
