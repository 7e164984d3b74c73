"""Undo the compression methods of 7z, each as a stream that is read ahead.

A method is known by its number as stored (Methods.txt in the LZMA SDK; those of zstd,
Brotli and LZ4 are the numbers of 7-Zip's forks). Nothing is allocated by a declared
size beyond `MOST_MEMORY`: a larger LZMA dictionary is decoded with so much, which is
exact unless the data reach back farther.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
from lz4.frame import LZ4FrameDecompressor

from clearward.core.limits import KIB, MIB
from clearward.core.reader import Forward
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Undecoded, Zlib
from clearward.formats.deflate64 import Deflate64
from clearward.formats.inflate import Frames
from clearward.formats.seven import branch, brotli, riscv
from clearward.formats.seven.fields import NAME
from clearward.formats.seven.ppmd import fastest

MOST_MEMORY = 64 * MIB
WINDOW_LOG = 26  # the same for zstd: 2 to the power of 26
LEAST_DICTIONARY = 4 * KIB
LZMA_PROPERTIES = 5
PPMD_PROPERTIES = 5
MOST_ORDER = 64
LEAST_PPMD = 2048
LARGEST_LZMA2 = 40  # its property for a dictionary of 4 GiB - 1

ERRORS = (
    zlib.error,
    lzma.LZMAError,
    ZstdError,
    OSError,
    ValueError,
    RuntimeError,
)

Undo = Callable[[Forward, bytes, int], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Method:
    """How to undo a method that has one input.

    Attributes:
        undo: yields the output. Takes the input, the coder's properties, and the size
            that the output shall have; it may give more.
        memory: bytes that it allocates, by properties and size of the output.
    """

    undo: Undo
    memory: Callable[[bytes, int], int] = lambda properties, size: MIB  # noqa: ARG005


class Sized:
    """A stream without an end mark, in the shape of `Decompressor`.

    Args:
        inner: decodes it, and would go on behind its end.
        size: bytes of output at which it ends.
    """

    def __init__(self, inner: Decompressor, size: int) -> None:
        self._inner = inner
        self._left = size
        self.eof = size == 0
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output."""
        output = self._inner.decompress(data, min(max_length, self._left))
        self._left -= len(output)
        self.eof = self._left == 0 or self._inner.eof
        self.needs_input = self._inner.needs_input
        return output


def wrong(field: str, reason: Reason = Reason.CORRUPT) -> Undecoded:
    """An error that says that a coder cannot be undone because of `field`."""
    return Undecoded(NAME, 0, field, reason)


def _frames(
    begin: Callable[[bytes], Decompressor | None], *, once: bool = False
) -> Method:
    def undo(source: Forward, properties: bytes, size: int) -> Iterator[bytes]:  # noqa: ARG001
        frames = Frames(
            NAME, source, begin, once=once, errors=ERRORS, reason_of=_reason_of
        )
        return iter(frames)

    return Method(undo, memory=lambda properties, size: min(size, MOST_MEMORY))  # noqa: ARG005


def _reason_of(error: Exception) -> Reason:
    """What damage means: only its message tells a window too large for zstd apart."""
    large = isinstance(error, ZstdError) and "memory" in str(error)
    return Reason.MEMORY_LIMIT if large else Reason.CORRUPT


def _lzma(source: Forward, properties: bytes, size: int) -> Iterator[bytes]:
    lc, lp, pb = _literal_bits(properties)
    settings = {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb}
    return _by_liblzma(source, settings, _lzma_dictionary(properties), size)


def _literal_bits(properties: bytes) -> tuple[int, ...]:
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    return lc, lp, pb


def _lzma_dictionary(properties: bytes) -> int:
    """LZMA: lc, lp and pb in one byte, then the dictionary's size in four."""
    if len(properties) < LZMA_PROPERTIES:
        raise wrong("properties of LZMA")
    return int.from_bytes(properties[1:LZMA_PROPERTIES], "little")


def _lzma2(source: Forward, properties: bytes, size: int) -> Iterator[bytes]:
    settings = {"id": lzma.FILTER_LZMA2}
    return _by_liblzma(source, settings, _lzma2_dictionary(properties), size)


def _lzma2_dictionary(properties: bytes) -> int:
    """LZMA2: the dictionary's size in one byte."""
    bits = properties[0] if properties else LARGEST_LZMA2 + 1
    if bits > LARGEST_LZMA2:
        raise wrong("properties of LZMA2")
    return (2 | bits & 1) << (bits // 2 + 11)


def _by_liblzma(
    source: Forward, settings: dict[str, int], declared: int, size: int
) -> Iterator[bytes]:
    used = max(min(declared, size), LEAST_DICTIONARY)
    filters = [{**settings, "dict_size": min(used, MOST_MEMORY)}]
    damage = Reason.MEMORY_LIMIT if used > MOST_MEMORY else Reason.CORRUPT

    def begin(head: bytes) -> Decompressor:  # noqa: ARG001
        try:
            inner = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
        except lzma.LZMAError as error:
            raise wrong("properties of LZMA", Reason.UNSUPPORTED) from error
        return Sized(inner, size)

    return iter(
        Frames(
            NAME,
            source,
            begin,
            once=True,
            errors=ERRORS,
            reason_of=lambda error: damage,  # noqa: ARG005
        )
    )


def _ppmd(source: Forward, properties: bytes, size: int) -> Iterator[bytes]:
    """PPMd: the order in one byte, then the memory in four."""
    order, memory = properties[0], _ppmd_memory(properties, size)
    if not 2 <= order <= MOST_ORDER or memory < LEAST_PPMD:  # noqa: PLR2004 - PPMd's own
        raise wrong("properties of PPMd")
    if memory > MOST_MEMORY:
        raise wrong("memory of PPMd", Reason.MEMORY_LIMIT)
    return fastest.pieces(source, order, memory, size)


def _ppmd_memory(properties: bytes, size: int) -> int:  # noqa: ARG001
    if len(properties) < PPMD_PROPERTIES:
        raise wrong("properties of PPMd")
    return int.from_bytes(properties[1:PPMD_PROPERTIES], "little")


def _used(dictionary: Callable[[bytes], int]) -> Callable[[bytes, int], int]:
    """Memory of a method by its declared dictionary."""
    return lambda properties, size: min(dictionary(properties), size, MOST_MEMORY)


def _copy(source: Forward, properties: bytes, size: int) -> Iterator[bytes]:  # noqa: ARG001
    return source.rest()


def _delta(source: Forward, properties: bytes, size: int) -> Iterator[bytes]:  # noqa: ARG001
    distance = int.from_bytes(properties[:1]) + 1
    settings = {"dist": distance}
    return branch.by_liblzma(source, filter=lzma.FILTER_DELTA, settings=settings)


def _branch(filter: int) -> Method:
    def undo(source: Forward, properties: bytes, size: int) -> Iterator[bytes]:  # noqa: ARG001
        return branch.by_liblzma(source, filter=filter, settings={})

    return Method(undo)


def _words(words: Callable[[bytearray, int], int]) -> Method:
    def undo(source: Forward, properties: bytes, size: int) -> Iterator[bytes]:  # noqa: ARG001
        start = int.from_bytes(properties[:4], "little")
        return branch.in_words(source, undo=words, start=start)

    return Method(undo)


def _zstd(head: bytes) -> Decompressor | None:
    if not head:
        return None
    return ZstdDecompressor(options={DecompressionParameter.window_log_max: WINDOW_LOG})


def _lz4(head: bytes) -> Decompressor | None:
    frame: Decompressor | None = LZ4FrameDecompressor() if head else None
    return frame


X86, PPC, IA64 = (
    _branch(n) for n in (lzma.FILTER_X86, lzma.FILTER_POWERPC, lzma.FILTER_IA64)
)
ARM, ARM_THUMB, SPARC = (
    _branch(n) for n in (lzma.FILTER_ARM, lzma.FILTER_ARMTHUMB, lzma.FILTER_SPARC)
)

METHODS: Mapping[bytes, Method] = {
    b"\x00": Method(_copy),
    b"\x03": Method(_delta),
    b"\x04": X86,
    b"\x05": PPC,
    b"\x06": IA64,
    b"\x07": ARM,
    b"\x08": ARM_THUMB,
    b"\x09": SPARC,
    b"\x0a": _words(branch.arm64),
    b"\x0b": _words(riscv.riscv),
    b"\x21": Method(_lzma2, memory=_used(_lzma2_dictionary)),
    b"\x02\x03\x02": _words(branch.swap2),
    b"\x02\x03\x04": _words(branch.swap4),
    b"\x03\x01\x01": Method(_lzma, memory=_used(_lzma_dictionary)),
    b"\x03\x03\x01\x03": X86,
    b"\x03\x03\x02\x05": PPC,
    b"\x03\x03\x04\x01": IA64,
    b"\x03\x03\x05\x01": ARM,
    b"\x03\x03\x07\x01": ARM_THUMB,
    b"\x03\x03\x08\x05": SPARC,
    b"\x03\x04\x01": Method(_ppmd, memory=_ppmd_memory),
    b"\x04\x01\x08": _frames(lambda head: Zlib(-15), once=True),  # noqa: ARG005
    b"\x04\x01\x09": _frames(lambda head: Deflate64(), once=True),  # noqa: ARG005
    b"\x04\x02\x02": _frames(lambda head: bz2.BZ2Decompressor() if head else None),
    b"\x04\xf7\x11\x01": _frames(_zstd),
    b"\x04\xf7\x11\x02": _frames(brotli.begin_brotli),
    b"\x04\xf7\x11\x04": _frames(_lz4),
}
"""Methods with one input, by their numbers."""

BCJ2 = b"\x03\x03\x01\x1b"
ENCRYPTION = b"\x06"  # what the numbers of all encryption methods begin with
