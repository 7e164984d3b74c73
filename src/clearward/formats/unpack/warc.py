"""Unpack web archives.

Layout of a record (ISO 28500, WARC 1.1, section 4): a line "WARC/1.1", lines of fields,
an empty line, as many bytes as Content-Length says, two empty lines. A block that holds
an answer of a web server begins with that server's own header (RFC 9112): behind it
lies the content, in chunks if Transfer-Encoding says so (section 7.1).

Records are parts, and the content of answers is a part besides.
"""

import re
from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason

NAME = "warc"
MOST_HEADER = 64 * 1024  # bytes
MOST_LINE = 256  # bytes in front of a chunk
EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
LENGTH = re.compile(
    rb"\r?\n[ \t]*content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE
)
TARGET = re.compile(rb"\r?\nwarc-target-uri[ \t]*:[ \t]*<?([^\r\n>]*)", re.IGNORECASE)
CONTINUES = re.compile(rb"\r?\nwarc-type[ \t]*:[ \t]*continuation", re.IGNORECASE)
CHUNKED = re.compile(rb"\r?\ntransfer-encoding[ \t]*:[^\r\n]*chunked", re.IGNORECASE)
# Compressed in a way that does not show; gzip is known by its magic.
ENCODED = re.compile(
    rb"\r?\ncontent-encoding[ \t]*:[^\r\n]*(?:br|deflate)", re.IGNORECASE
)


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the block of each record, and what a server's answer holds.

    A content compressed without a magic, or one that goes on elsewhere, is a gap.

    Raises:
        Malformed: a record does not begin where the last ends, or has no length. What
            is left has been yielded.
        Truncated: a record is longer than the archive.
    """
    place = 0
    while place < archive.size:
        head = archive.at(place, MOST_HEADER)
        blank = len(head) - len(head.lstrip(b"\r\n"))
        if blank:
            place += blank
            continue
        end = EMPTY_LINE.search(head)
        length = LENGTH.search(head, 0, end.end()) if end else None
        if not head.startswith(b"WARC/") or end is None or length is None:
            if place:
                yield Part(archive.slice(place, archive.size - place), b"trailing")
            raise Malformed(NAME, place, "record")
        header = head[: end.end()]
        start = place + len(header)
        size = int(length[1])
        block = archive.slice(start, min(size, archive.size - start))
        target = TARGET.search(header)
        yield from _block(block, target[1] if target else b"", header)
        place = start + size
    if place > archive.size:
        raise Truncated(NAME, archive.size, "length")


def _block(block: Reader, name: bytes, header: bytes) -> Iterator[Item]:
    yield Part(block, name, packed=block.size)
    if CONTINUES.search(header):
        yield Gap(Reason.UNSUPPORTED, name)
    head = block.at(0, MOST_HEADER)
    end = EMPTY_LINE.search(head) if head.startswith(b"HTTP/") else None
    if end is None:
        return
    answer = head[: end.end()]
    if ENCODED.search(answer):
        yield Gap(Reason.UNSUPPORTED, name)
    content = block.slice(end.end(), block.size - end.end())
    if CHUNKED.search(answer):
        yield Part(Stream(_chunks(content)), name, packed=content.size)
    elif content.size:
        yield Part(content, name, packed=content.size)


def _chunks(content: Reader) -> Iterator[bytes]:
    """Yield the content of chunks; from where none begins, the rest as it is."""
    cursor = Cursor(content)
    while line := content.at(cursor.offset, MOST_LINE):
        begin = re.match(rb"\s*([0-9a-fA-F]{1,15})[^\n]*\n", line)
        if begin is None:
            if line.strip():
                yield from cursor.rest()
            return
        cursor.skip(begin.end())
        yield from cursor.part(int(begin[1], 16)).chunks()
