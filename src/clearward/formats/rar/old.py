"""Write a RAR 3 archive anew without its encryption, for libarchive to read.

Blocks are drawn in `formats/rar_blocks`. With flag 80 hex of the archive's own block
the headers behind it are encrypted, each with 8 bytes of salt in front and filled up to
16 bytes. With flag 4 of a file's block its data are; with 400 hex their salt stands
behind the name. Nothing tells a right password but the CRC-32 of a file or the CRC of a
header: the first files of an archive are tried, and one that does not fit stays locked.
"""

from collections.abc import Iterator
from zlib import crc32

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.part import Part
from clearward.core.reader import Reader, Stream
from clearward.formats import libarchive
from clearward.formats.rar.joined import BLOCK, Joined, decrypted, plain
from clearward.formats.rar.keys import Maker

SIGNATURE, ARCHIVE, FILE, SERVICE, END = 7, 0x73, 0x74, 0x7A, 0x7B
LOCKED_HEADERS, LOCKED, SALTED, LARGE, DATA = 0x80, 4, 0x400, 0x100, 0x8000
SALT = 8
SMALLEST, FILE_HEADER = 7, 32
MOST_BLOCKS = 100_000
MOST_TRIED = 1 * MIB  # of a file
MOST_FILES = 16
SOLID = 0x10
METHOD, STORED = 25, 0x30


def unlocked(archive: Reader, passwords: Iterator[bytes]) -> Reader | None:
    """Return the archive in plain if a password opens it, None if none does."""
    maker = Maker()
    for password in passwords:
        writing = _Writing(archive, password, maker)
        if not writing.is_locked():
            return None
        if writing.write():
            return writing.joined.reader()
    return None


class _Writing:
    """One attempt with one password.

    Attributes:
        joined: what was written.
    """

    def __init__(self, archive: Reader, password: bytes, maker: Maker) -> None:
        self._archive = archive
        self._password = password
        self._maker = maker
        self._locked_headers = False
        self._front = b""
        self._tried = 0
        self._place = SIGNATURE
        self.joined = Joined()
        self.joined.add(archive.slice(0, SIGNATURE))

    def is_locked(self) -> bool:
        """Say whether a header or a file is encrypted."""
        place = self._place
        for _ in range(MOST_BLOCKS):
            header = self._plain_header(place)
            if len(header) < SMALLEST or header[2] == END:
                return False
            flags = _flags(header)
            if flags & (LOCKED_HEADERS if header[2] == ARCHIVE else 0):
                return True
            if header[2] in (FILE, SERVICE) and flags & LOCKED:
                return True
            place += len(header) + _data_size(header)
        return False

    def write(self) -> bool:
        """Write it; say whether the password is right."""
        known = False
        for _ in range(MOST_BLOCKS):
            header, length = self._header()
            if len(header) < SMALLEST:
                break
            known |= self._locked_headers
            start = self._place + length
            data = _data_size(header)
            self._place = start + data
            there = min(start, self._archive.size)
            content = self._archive.slice(there, min(data, self._archive.size - there))
            if header[2] == ARCHIVE:
                self._locked_headers = bool(_flags(header) & LOCKED_HEADERS)
                header = _changed(header, _flags(header) & ~LOCKED_HEADERS)
                self._front = header
            elif _is_file(header) and _flags(header) & LOCKED:
                opened = self._opened(header, content)
                if self._is_right(*opened, known=known):
                    header, content = opened
                    known |= header[2] == FILE
                elif not known:
                    return False
            self.joined.add(Reader.of(header))
            self.joined.add(content)
        return known

    def _opened(self, header: bytes, content: Reader) -> tuple[bytes, Reader]:
        flags = _flags(header)
        place = FILE_HEADER + (8 if flags & LARGE else 0)
        place += int.from_bytes(header[26:28], "little")
        salt = header[place : place + SALT] if flags & SALTED else b""
        key = self._maker.old(self._password, salt)
        if key is None:
            return header, content
        content = plain(content, key.key, key.vector)
        if header[METHOD] == STORED and not flags & LARGE:
            size = int.from_bytes(header[11:15], "little")
            content = content.slice(0, min(size, content.size))
        front = header[:7] + (content.size & 0xFFFFFFFF).to_bytes(4, "little")
        front += header[11:place]
        rest = header[place + len(salt) :]
        return _changed(front + rest, flags & ~(LOCKED | SALTED)), content

    def _is_right(self, header: bytes, content: Reader, *, known: bool) -> bool:
        """Say whether a file is in plain now, as far as that can be known."""
        if header[2] != FILE or _flags(header) & SOLID or self._tried >= MOST_FILES:
            return known
        self._tried += 1
        return self._fits(header, content)

    def _fits(self, header: bytes, content: Reader) -> bool:
        """Say whether a file in plain has the CRC-32 that its header says."""
        alone = Joined()
        alone.add(self._archive.slice(0, SIGNATURE))
        for piece in (Reader.of(self._front), Reader.of(header), content):
            alone.add(piece)
        crc = size = 0
        try:
            for item in libarchive.unpack("rar", alone.reader(), "rar"):
                if isinstance(item, Part) and isinstance(item.content, Stream):
                    while size < MOST_TRIED and (data := item.content.some(MOST_TRIED)):
                        crc = crc32(data, crc)
                        size += len(data)
                    break
        except Malformed:
            return False
        return size >= MOST_TRIED or crc == int.from_bytes(header[16:20], "little")

    def _header(self) -> tuple[bytes, int]:
        """The next header, and the bytes that it takes."""
        if not self._locked_headers:
            header = self._plain_header(self._place)
            return header, len(header)
        salt = self._archive.at(self._place, SALT)
        first = self._archive.at(self._place + SALT, BLOCK)
        key = self._maker.old(self._password, salt) if len(first) == BLOCK else None
        if key is None:
            return b"", 0
        begin = decrypted(first, key.key, key.vector)
        size = max(int.from_bytes(begin[5:7], "little"), SMALLEST)
        length = -(-size // BLOCK) * BLOCK
        whole = self._archive.at(self._place + SALT, length)
        header = decrypted(whole, key.key, key.vector)[:size]
        # Only comments have less of themselves in their CRC, and none stands here.
        if crc32(header[2:]) & 0xFFFF != int.from_bytes(header[:2], "little"):
            return b"", 0
        return header, SALT + length

    def _plain_header(self, place: int) -> bytes:
        size = int.from_bytes(self._archive.at(place + 5, 2), "little")
        return self._archive.at(place, max(size, SMALLEST))


def _is_file(header: bytes) -> bool:
    return header[2] in (FILE, SERVICE) and len(header) >= FILE_HEADER


def _flags(header: bytes) -> int:
    return int.from_bytes(header[3:5], "little")


def _data_size(header: bytes) -> int:
    is_file = header[2] in (FILE, SERVICE)
    size = 0
    if is_file or _flags(header) & DATA:
        size = int.from_bytes(header[7:11], "little")
    if is_file and _flags(header) & LARGE:
        size += int.from_bytes(header[32:36], "little") << 32
    return size


def _changed(header: bytes, flags: int) -> bytes:
    """A header with other flags, its size and its CRC set right."""
    body = header[2:3] + flags.to_bytes(2, "little")
    body += len(header).to_bytes(2, "little") + header[7:]
    return (crc32(body) & 0xFFFF).to_bytes(2, "little") + body
