"""The tar inside a database: regular files with plain names, nothing else.

    0   100  name         124  12  size, octal      148  8  checksum, octal
    156 1    kind, ``0`` or a zero byte, padded to 512 bytes, then the content, likewise

It may be compressed by gzip. It is not read with the standard library's tarfile, which
imports os and shutil and so has no place inside the jail.

Source: POSIX.1-2017, pax, "ustar Interchange Format"; RFC 1952.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.limits import MIB
from clearward.rules.clamav.fault import Wrong

MOST_MEMBER = 1024 * MIB  # bytes of one file
MOST_UNPACKED = 4096 * MIB  # bytes of all
_BLOCK = 512
_PIECE = 1 * MIB
_GZIP = b"\x1f\x8b"
_FILES = frozenset({b"0", b"\0"})
_octal = re.compile(rb" *([0-7]{1,11})[ \0]*").fullmatch
_plain = re.compile(rb"[0-9A-Za-z_][0-9A-Za-z_.+-]{0,98}").fullmatch


@dataclass(frozen=True, slots=True)
class Member:
    """One file; its pieces have to be taken before the next member is asked for.

    Attributes:
        name: printable ASCII without a slash.
        size: bytes.
        pieces: its content.
    """

    name: str
    size: int
    pieces: Iterator[bytes]


def members(data: memoryview) -> Iterator[Member]:
    """Yield every file of a tar.

    Raises:
        Wrong: it is damaged, cut short, too large or holds something else.
    """
    stream = _Stream(data)
    while True:
        if stream.at_end():
            return
        header = stream.take(_BLOCK)
        if not header.strip(b"\0"):
            stream.expect_zeros()
            return
        name, size = _header(header)
        yield Member(name, size, stream.pieces(size))
        stream.finish()


class _Stream:
    """Unpacked bytes, few of them at one time."""

    def __init__(self, data: memoryview) -> None:
        self._compressed = data[:2] == _GZIP
        self._inflate = zlib.decompressobj(wbits=31)
        self._rest: bytes | memoryview = data
        self._ready = bytearray()
        self._total = 0
        self._left = 0  # bytes of the present member, and what pads it
        self._padding = 0

    def at_end(self) -> bool:
        """Say whether nothing follows; sigtool ends a tar without any mark."""
        if not self._ready:
            self._ready += self._more()
        return not self._ready

    def expect_zeros(self) -> None:
        """Check that nothing but zeros follows."""
        while not self.at_end():
            if self._ready.strip(b"\0"):
                raise Wrong("something behind the end of the tar")
            self._ready.clear()

    def take(self, size: int) -> bytes:
        """Return so many bytes."""
        while len(self._ready) < size:
            more = self._more()
            if not more:
                raise Wrong("the tar ends too early")
            self._ready += more
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield the content of a member."""
        self._left, self._padding = size, -size % _BLOCK
        while self._left:
            piece = self.take(min(self._left, _PIECE))
            self._left -= len(piece)
            yield piece

    def finish(self) -> None:
        """Go behind the present member, all of which must have been taken."""
        if self._left:
            raise Wrong("a member was not taken")
        self.take(self._padding)

    def _more(self) -> bytes:
        if self._compressed:
            try:
                more = self._inflate.decompress(self._rest, _PIECE)
            except zlib.error:
                raise Wrong("the compressed tar is damaged") from None
            self._rest = self._inflate.unconsumed_tail
            if self._inflate.unused_data:
                raise Wrong("something behind the compressed tar")
            if not more and not self._inflate.eof:
                raise Wrong("the compressed tar ends too early")
        else:
            more = bytes(self._rest[:_PIECE])
            self._rest = self._rest[_PIECE:]
        self._total += len(more)
        if self._total > MOST_UNPACKED:
            raise Wrong(f"more than {MOST_UNPACKED} bytes unpacked")
        return more


def _header(block: bytes) -> tuple[str, int]:
    checksum = _octal(block[148:156])
    if checksum is None or int(checksum[1], 8) != _sum(block):
        raise Wrong("the header of a member is damaged")
    name = block[:100].rstrip(b"\0")
    size = _octal(block[124:136])
    if _plain(name) is None or block[156:157] not in _FILES or size is None:
        raise Wrong("a member that is not a file with a plain name")
    if int(size[1], 8) > MOST_MEMBER:
        raise Wrong(f"a member of more than {MOST_MEMBER} bytes")
    return name.decode("ascii"), int(size[1], 8)


def _sum(block: bytes) -> int:
    return sum(block[:148]) + 8 * ord(" ") + sum(block[156:])
