"""Unpack files of MS-DOS's compress.exe: SZDD, the one of QBasic, and KWAJ.

Layout, numbers little-endian (libmspack's documentation of both formats):

    SZDD   "SZDD" 88 F0 27 33, "A", last letter of the name, size (4), LZSS
    SZ     "SZ " 88 F0 27 33 D1, size (4), LZSS
    KWAJ   "KWAJ" 88 F0 27 D1, method (2), offset of the data (2), flags (2), then by
           flag: size (4), unknown (2), bytes behind their length (2), name and ending
           with a zero behind each, text behind its length (2)

Methods of KWAJ: 0 stored, 1 every bit inverted, 2 LZSS, 3 LZ with Huffman codes (not
read here), 4 blocks of MSZIP: size (2), "CK", deflate over the block before.
"""

import zlib
from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import CHUNK, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.lz import lzss

NAME = "szdd"
SZDD = b"SZDD\x88\xf0\x27\x33"
QBASIC = b"SZ \x88\xf0\x27\x33\xd1"
SZDD_DATA = 14
SZDD_MODE = 8
QBASIC_DATA = 12
FIRST = 16  # bytes before the end of the ring that LZSS starts at
FIRST_QBASIC = 18

KWAJ_HEADER = Struct("<8sHHH")
STORED, INVERTED, LZSS, HUFFMAN, MSZIP = range(5)
INVERT = bytes(255 - value for value in range(256))
BLOCK = 32 * 1024  # bytes that a block of MSZIP unpacks to, at most


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the one file inside.

    Raises:
        Malformed: a header is wrong.
        Truncated: it is cut short.
    """
    head = reader.at(0, KWAJ_HEADER.size)
    if len(head) < QBASIC_DATA:
        raise Truncated(NAME, len(head), "header length")
    if head.startswith(SZDD):
        yield _lzss(reader, SZDD_DATA, FIRST, SZDD_MODE + 2)
        if head[SZDD_MODE : SZDD_MODE + 1] != b"A":
            raise Malformed(NAME, SZDD_MODE, "mode")
    elif head.startswith(QBASIC):
        yield _lzss(reader, QBASIC_DATA, FIRST_QBASIC, len(QBASIC))
    else:
        yield from _kwaj(reader, head)


def _lzss(reader: Reader, start: int, first: int, size_at: int) -> Part:
    size = int.from_bytes(reader.at(size_at, 4), "little")
    content = _behind(reader, start)
    return Part(Stream(_whole(content, start, first, size)), b"", content.size)


def _behind(reader: Reader, start: int) -> Reader:
    start = min(start, reader.size)
    return reader.slice(start, reader.size - start)


def _whole(content: Reader, start: int, first: int, size: int) -> Iterator[bytes]:
    """Yield all that the bytes unpack to, whatever size they are said to have."""
    given = 0
    for piece in lzss.expand(content, first):
        given += len(piece)
        yield piece
    if given < size:
        raise Truncated(NAME, start + content.size, "size")


def _kwaj(reader: Reader, head: bytes) -> Iterator[Item]:
    if len(head) < KWAJ_HEADER.size:
        raise Truncated(NAME, len(head), "header length")
    _, method, start, _ = KWAJ_HEADER.unpack(head)
    content = _behind(reader, start)
    if method == STORED:
        yield Part(content, b"", content.size)
    elif method == INVERTED:
        chunks = (chunk.translate(INVERT) for chunk in content.chunks())
        yield Part(Stream(chunks), b"", content.size)
    elif method == LZSS:
        yield Part(Stream(lzss.expand(content, FIRST_QBASIC)), b"", content.size)
    elif method == MSZIP:
        yield Part(Stream(_mszip(content, start)), b"", content.size)
    else:
        yield Gap(Reason.UNSUPPORTED if method == HUFFMAN else Reason.CORRUPT)


def _mszip(content: Reader, start: int) -> Iterator[bytes]:
    """Yield the blocks; each may refer to the one before it."""
    offset = 0
    before = b""
    while offset < content.size:
        size = int.from_bytes(content.at(offset, 2), "little")
        block = content.at(offset + 2, size)
        if not size:
            return
        if block[:2] != b"CK":
            raise Malformed(NAME, start + offset + 2, "block")
        inflater = zlib.decompressobj(-zlib.MAX_WBITS, zdict=before)
        try:
            data = inflater.decompress(block[2:], CHUNK)
        except zlib.error as error:
            raise Malformed(NAME, start + offset, "block") from error
        yield data
        if len(block) < size or not inflater.eof:
            raise Truncated(NAME, start + offset, "block")
        before = (before + data)[-BLOCK:]
        offset += 2 + size
