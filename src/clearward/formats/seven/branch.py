"""Undo the filters that make machine code and tables compress better.

A branch filter turns the relative targets of calls into absolute ones; delta stores
differences; swap turns the bytes of words around. liblzma knows most of them, but only
in front of LZMA2, so their input is handed to it as LZMA2 chunks that are not
compressed: a control byte (1 for the first, 2 for the others), the size less one in two
bytes, big-endian, and the bytes. A zero byte ends it.
"""

import lzma
from collections.abc import Callable, Iterator
from re import finditer

from clearward.core.errors import Malformed
from clearward.core.reader import Forward

CHUNK = 64 * 1024  # as much as an LZMA2 chunk holds
FIRST, NEXT, END = b"\1", b"\2", b"\0"


def by_liblzma(
    source: Forward, *, filter: int, settings: dict[str, int]
) -> Iterator[bytes]:
    """Undo a filter of liblzma.

    Args:
        source: the filtered bytes.
        filter: its number there, such as `lzma.FILTER_X86`.
        settings: what it needs besides, such as ``{"dist": 4}``.
    """
    filters = [
        {"id": filter, **settings},
        {"id": lzma.FILTER_LZMA2, "dict_size": CHUNK},
    ]
    stream = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    control = FIRST
    try:
        for piece in _pieces(source):
            yield stream.decompress(control + (len(piece) - 1).to_bytes(2) + piece)
            control = NEXT
    except Malformed:
        yield stream.decompress(END)  # what the filter still holds
        raise
    yield stream.decompress(END)


def _pieces(source: Forward) -> Iterator[bytes]:
    for chunk in source.rest():
        for place in range(0, len(chunk), CHUNK):
            yield chunk[place : place + CHUNK]


def in_words(
    source: Forward, *, undo: Callable[[bytearray, int], int], start: int = 0
) -> Iterator[bytes]:
    """Undo a filter that works on whole words.

    Args:
        source: the filtered bytes.
        undo: changes the words of a buffer that starts at a position, and returns how
            many bytes it is done with.
        start: position of the first byte.
    """
    held = bytearray()
    try:
        for chunk in source.rest():
            held += chunk
            done = undo(held, start)
            yield bytes(held[:done])
            del held[:done]
            start += done
    except Malformed:
        yield bytes(held)
        raise
    yield bytes(held)


def swap2(data: bytearray, start: int) -> int:  # noqa: ARG001
    """Turn words of 2 bytes around."""
    size = len(data) & ~1
    data[0:size:2], data[1:size:2] = data[1:size:2], data[0:size:2]
    return size


def swap4(data: bytearray, start: int) -> int:  # noqa: ARG001
    """Turn words of 4 bytes around."""
    size = len(data) & ~3
    for low, high in ((0, 3), (1, 2)):
        data[low:size:4], data[high:size:4] = data[high:size:4], data[low:size:4]
    return size


# The highest bytes of the instructions BL and ADRP.
ARM64_CANDIDATES = rb"[\x94-\x97\x90\xb0\xd0\xf0]"


def arm64(data: bytearray, start: int) -> int:
    """Undo the ARM64 filter: BL, and ADRP as far as 512 MiB.

    Source: xz-file-format 1.2.1, section 5.3.2, and the filter as xz and 7-Zip have it.
    """
    size = len(data) & ~3
    for candidate in finditer(ARM64_CANDIDATES, data[3:size:4]):
        place = candidate.start() * 4
        word = int.from_bytes(data[place : place + 4], "little")
        position = start + place
        if word >> 26 == 0x25:  # noqa: PLR2004 - BL
            word = 0x94000000 | (word - (position >> 2)) & 0x03FFFFFF
        else:
            page = word >> 29 & 3 | word >> 3 & 0x1FFFFC
            if page + 0x20000 & 0x1C0000:
                continue
            page -= position >> 12
            high = 0xE00000 if page & 0x20000 else 0
            word = word & 0x9000001F | (page & 3) << 29 | (page & 0x3FFFC) << 3 | high
        data[place : place + 4] = word.to_bytes(4, "little")
    return size
