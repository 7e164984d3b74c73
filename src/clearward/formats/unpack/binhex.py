"""Unpack BinHex 4: files of the old Macintosh, both forks of them, as text.

Layout (RFC 1741, appendix A): any text, a line that says "must be converted with
BinHex", a colon, letters that stand for six bits each, a colon. What they decode to has
runs: a byte, 90, a count; 90 00 is 90 itself. Without the runs, big-endian:

    length of the name (1), name, version (1), type (4), creator (4), flags (2),
    size of the data fork (4), size of the resource fork (4), CRC-16 of these (2),
    data fork, its CRC (2), resource fork, its CRC (2)
"""

import binascii
import re
from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import CHUNK, Reader, Stream
from clearward.formats.lz.runs import without_runs

NAME = "binhex"
LETTERS = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
TO_BASE64 = bytes.maketrans(LETTERS, BASE64)
NO_LETTERS = bytes(set(range(256)) - set(LETTERS))
BEGIN = re.compile(rb"must be converted with BinHex[^:]{0,200}[\r\n][ \t]*:", re.DOTALL)
OVERLAP = 512  # bytes that the line which begins a file may have
HEADER = Struct(">B4s4sHII")
AT_ONCE = 4096  # letters


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield both forks of each file, as far as they hold anything.

    Raises:
        Malformed: a checksum is wrong.
        Truncated: a file ends early. What there is of it was yielded.
    """
    fault: Malformed | None = None
    offset = 0
    while (start := _begins(reader, offset)) >= 0:
        letters = _Letters(reader, start)
        try:
            yield from _file(Stream(without_runs(letters.decoded())), start)
        except Malformed as error:
            fault = fault or error
        offset = max(letters.offset, start)
    if fault is not None:
        raise fault


def _begins(reader: Reader, offset: int) -> int:
    """Return where the letters of the next file start, or -1."""
    while data := reader.at(offset, CHUNK):
        found = BEGIN.search(data)
        if found:
            return offset + found.end()
        offset += max(len(data) - OVERLAP, 1) if len(data) == CHUNK else len(data)
    return -1


class _Letters:
    """The letters of one file, up to the colon that ends them.

    Attributes:
        offset: behind the last byte that was read.
    """

    def __init__(self, reader: Reader, offset: int) -> None:
        self._reader = reader
        self.offset = offset

    def decoded(self) -> Iterator[bytes]:
        """Yield the bytes that the letters stand for."""
        left = b""
        ended = False
        while not ended and (data := self._reader.at(self.offset, AT_ONCE)):
            colon = data.find(b":")
            ended = colon >= 0
            text = data[:colon] if ended else data
            self.offset += len(text) + ended
            left += text.translate(TO_BASE64, NO_LETTERS)
            whole = len(left) & ~3
            yield binascii.a2b_base64(left[:whole])
            left = left[whole:]
        if len(left) > 1:
            yield binascii.a2b_base64(left + b"=" * (-len(left) % 4))


def _file(content: Stream, start: int) -> Iterator[Item]:
    """Yield the forks of one file."""
    length = content.take(1)
    name = content.take(length[0] if length else 0)
    fields = content.take(HEADER.size)
    if len(fields) < HEADER.size:
        raise Truncated(NAME, start, "header length")
    _, _, _, _, data, resource = HEADER.unpack(fields)
    stored = content.take(2)
    for size in (data, resource):
        fork = _Fork(content, size, start)
        if size:
            yield Part(Stream(fork.chunks()), name)
        fork.finish()
    if int.from_bytes(stored, "big") != binascii.crc_hqx(length + name + fields, 0):
        raise Malformed(NAME, start, "checksum of the header")


class _Fork:
    """One fork, and what came of it."""

    def __init__(self, content: Stream, size: int, start: int) -> None:
        self._content = content
        self._left = size
        self._crc = 0
        self._start = start

    def chunks(self) -> Iterator[bytes]:
        """Yield what there is of the fork."""
        while self._left and (data := self._content.some(min(self._left, CHUNK))):
            self._left -= len(data)
            self._crc = binascii.crc_hqx(data, self._crc)
            yield data

    def finish(self) -> None:
        """Pass over what nobody read, and compare the checksum.

        Raises:
            Truncated: the fork ends early.
            Malformed: the checksum is wrong.
        """
        for _ in self.chunks():
            pass
        stored = self._content.take(2)
        if self._left or len(stored) < len(b"\0\0"):
            raise Truncated(NAME, self._start, "fork")
        if int.from_bytes(stored, "big") != self._crc:
            raise Malformed(NAME, self._start, "checksum of a fork")
