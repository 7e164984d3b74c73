"""Decompressors for frames of zstd, also for windows larger than is allocated.

Layout of the front of a frame, as far as it is read here (RFC 8878, section 3.1):

    offset  length    field
    0       4         magic, 28 B5 2F FD
    4       1         descriptor: bits 0-1 size of the dictionary's id; bit 5 single
                      segment; bits 6-7 size of the content size
    5       0 or 1    window, if not a single segment: exponent and mantissa
            0-4       id of the dictionary
            0-8       content size; it is the window of a single segment

Skippable frames, 50..5F 2A 4D 18 and a size of 4 bytes, are passed over by the library.
Frames of versions before 0.8 have magics of their own and are not decoded here; nor are
frames that need a dictionary, as it is not in the file.

A frame that declares a window above 64 MiB is decoded with 64 MiB, which is exact for
its first 64 MiB of content.
"""

from backports.zstd import DecompressionParameter, ZstdDecompressor

from clearward.core.limits import MIB
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Narrowed, Undecoded

NAME = "zstd"
MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = tuple(bytes((n, 0x2A, 0x4D, 0x18)) for n in range(0x50, 0x60))
OLD = tuple(bytes((n, 0xB5, 0x2F, 0xFD)) for n in range(0x22, 0x28))
OLDEST = b"\xfd\x2f\xb5\x1e"  # version 0.1, big-endian on disk
MAGICS = (MAGIC, *SKIPPABLE, *OLD, OLDEST)

WINDOW_LOG = 26
WINDOW = 64 * MIB
NARROW = (WINDOW_LOG - 10) << 3  # the window descriptor of 64 MiB
SINGLE = 0x20
DICTIONARY_SIZES = (0, 1, 2, 4)
CONTENT_SIZES = (0, 2, 4, 8)


def begin(head: bytes) -> Decompressor | None:
    """Return what decodes the frame that starts so, None if none does.

    Raises:
        Undecoded: unsupported, an old version or a dictionary that is needed.
    """
    if not head.startswith(MAGICS):
        return None
    if head.startswith((*OLD, OLDEST)):
        raise Undecoded(NAME, 0, "version", Reason.UNSUPPORTED)
    inner = ZstdDecompressor(
        options={DecompressionParameter.window_log_max: WINDOW_LOG}
    )
    if head.startswith(SKIPPABLE) or len(head) <= len(MAGIC):
        return inner
    descriptor = head[4]
    place = 5 if descriptor & SINGLE else 6
    behind = place + DICTIONARY_SIZES[descriptor & 3]
    if any(head[place:behind]):
        raise Undecoded(NAME, 0, "dictionary", Reason.UNSUPPORTED)
    if _window(head, behind) <= WINDOW:
        return inner
    narrow = MAGIC + bytes((descriptor & ~SINGLE, NARROW))
    return Narrowed(inner, place, narrow, most=WINDOW)


def _window(head: bytes, behind: int) -> int:
    """The window that a frame declares, in bytes; 0 if its header is cut short.

    Args:
        head: the frame from its start.
        behind: offset behind the id of the dictionary.
    """
    descriptor = head[4]
    if descriptor & SINGLE:
        size = CONTENT_SIZES[descriptor >> 6]
        return int.from_bytes(head[behind : behind + size], "little")
    if len(head) <= 5:  # noqa: PLR2004 - the offset of the window
        return 0
    exponent, mantissa = divmod(head[5], 8)
    base = 1 << (10 + exponent)
    return base + (base >> 3) * mantissa
