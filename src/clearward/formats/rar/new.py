"""Write a RAR 5 archive anew without its encryption, for libarchive to read.

Layout (RAR 5.0 archive format); numbers of variable length, seven bits a byte:

    block       CRC-32 (4), size of the header, header, data
    header      type, flags; with flag 1 the size of an extra area at its end, with
                flag 2 the size of the data
    type 4      headers are encrypted from here on: version, flags, power of rounds (1),
                salt (16), with flag 1 a value that tells a right password (12)
    type 2, 3   file or service: flags, size, attributes; with flag 2 a time (4),
                with flag 4 a CRC-32 (4); compression, system, length of the name, name
    extra       records: size, type, data; type 1 is encryption: version, flags, power
                of rounds (1), salt (16), vector (16), value as above; 2 is a digest

An encrypted header has an initial vector (16) in front and is filled up to 16 bytes.
Checksums of what was encrypted may need the key, and are left out. Packed data are
blocks: flags, where 40 hex is the last one and bits 3 and 4 are one less than the bytes
of its length; a checksum; its length. What fills them up behind the last is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from typing_extensions import override

from clearward.core.reader import Reader
from clearward.formats.rar.joined import BLOCK, Joined, decrypted, plain
from clearward.formats.rar.keys import Maker
from clearward.formats.rar.numbers import Fields, number
from clearward.formats.rar.writing import MOST_BLOCKS, Writing, first_right

SIGNATURE = 8
FILE, SERVICE, LOCKED, END = 2, 3, 4, 5
EXTRA, DATA = 1, 2  # flags of a block
TIME, CRC = 2, 4  # flags of a file
ENCRYPTION, DIGEST = 1, 2  # types of records
SALT, TOLD = 16, 12
LONGEST_HEADER = 2 << 20
METHOD = 0x380  # bits of the compression that say how; none: stored
LAST_BLOCK = 0x40


@dataclass(frozen=True, slots=True)
class Lock:
    """How headers or a file's data are encrypted."""

    power: int
    salt: bytes
    vector: bytes
    telling: bytes


def unlocked(archive: Reader, passwords: Iterator[bytes]) -> Reader | None:
    """Return the archive in plain as far as a password opens it, None if none does."""
    if not _is_locked(archive):
        return None
    maker = Maker()
    return first_right(_Writing(archive, word, maker) for word in passwords)


def _is_locked(archive: Reader) -> bool:
    """Say whether the archive has an encrypted header or file."""
    place = SIGNATURE
    for _ in range(MOST_BLOCKS):
        header, data, length = plain_header(archive, place)
        kind = Fields(header).number()
        if not header or kind == END:
            return False
        if kind == LOCKED or lock_of(header) is not None:
            return True
        place += length + data
    return False


class _Writing(Writing):
    """One attempt with one password."""

    def __init__(self, archive: Reader, password: bytes, maker: Maker) -> None:
        super().__init__(archive, password, maker, SIGNATURE)
        self._header_key: bytes | None = None

    @override
    def write(self) -> bool:
        """Write it; say whether the password opens anything."""
        opened = False
        for _ in range(MOST_BLOCKS):
            header, data, length = self._header()
            if not header:
                break
            content = self._content(length, data)
            kind = Fields(header).number()
            if kind == LOCKED:
                self._header_key = self._key(_archive_lock(header))
                if self._header_key is None:
                    return False
                opened = True
                continue
            opened |= self._block(header, content)
            if kind == END:
                break
        self._rest()
        return opened

    def _block(self, header: bytes, content: Reader) -> bool:
        lock = lock_of(header)
        key = self._key(lock) if lock is not None else None
        if lock is not None and key is not None:
            content = plain(content, key, lock.vector)
            header, size = without_lock(header, content)
            content = content.slice(0, min(size, content.size))
        add(self.joined, header, content)
        return key is not None

    def _rest(self) -> None:
        if self._place < self._archive.size:
            left = self._archive.size - self._place
            self.joined.add(self._archive.slice(self._place, left))

    def _key(self, lock: Lock | None) -> bytes | None:
        if lock is None:
            return None
        return self._maker.new(self._password, lock.salt, lock.power, lock.telling)

    def _header(self) -> tuple[bytes, int, int]:
        """The next header, bytes of its data, and bytes that it takes."""
        if self._header_key is None:
            return plain_header(self._archive, self._place)
        vector = self._archive.at(self._place, BLOCK)
        first = self._archive.at(self._place + BLOCK, BLOCK)
        if len(first) < BLOCK:
            return b"", 0, 0
        fields = Fields(decrypted(first, self._header_key, vector), 4)
        size = fields.number()
        length = -(-(fields.place + size) // BLOCK) * BLOCK
        if size > LONGEST_HEADER:
            return b"", 0, 0
        whole = self._archive.at(self._place + BLOCK, length)
        data = decrypted(whole, self._header_key, vector)
        header = data[fields.place : fields.place + size]
        if crc32(data[4 : fields.place + size]) != int.from_bytes(data[:4], "little"):
            return b"", 0, 0
        return header, _data_size(header), BLOCK + length


def plain_header(archive: Reader, place: int) -> tuple[bytes, int, int]:
    """A header in plain, bytes of its data, and bytes that it takes."""
    fields = Fields(archive.at(place, 4 + 10), 4)
    size = fields.number()
    if not 0 < size <= LONGEST_HEADER:
        return b"", 0, 0
    header = archive.at(place + fields.place, size)
    return header, _data_size(header), fields.place + size


def add(joined: Joined, header: bytes, content: Reader) -> None:
    """Write a block behind what was written."""
    sized = number(len(header)) + header
    joined.add(Reader.of(crc32(sized).to_bytes(4, "little") + sized))
    joined.add(content)


def _data_size(header: bytes) -> int:
    fields = Fields(header)
    fields.number()
    flags = fields.number()
    if flags & EXTRA:
        fields.number()
    return fields.number() if flags & DATA else 0


def _packed_size(content: Reader) -> int:
    """Bytes of packed data up to the end of the last block; all, if there is none."""
    place = 0
    for _ in range(MOST_BLOCKS):
        head = content.at(place, 5)
        if len(head) < 3:  # noqa: PLR2004 - flags, checksum, a byte of the length
            break
        width = (head[0] >> 3 & 3) + 1
        place += 2 + width + int.from_bytes(head[2 : 2 + width], "little")
        if head[0] & LAST_BLOCK:
            return place
    return content.size


def _archive_lock(header: bytes) -> Lock | None:
    fields = Fields(header)
    fields.number()
    fields.number()
    return _lock(fields, with_vector=False)


def _lock(fields: Fields, *, with_vector: bool) -> Lock | None:
    version, flags = fields.number(), fields.number()
    power = (fields.take(1) or b"\xff")[0]
    salt = fields.take(SALT)
    vector = fields.take(BLOCK) if with_vector else bytes(BLOCK)
    telling = fields.take(TOLD)
    if version or not flags & 1 or len(telling) < TOLD:
        return None
    return Lock(power, salt, vector, telling)


def _extra(header: bytes) -> tuple[int, list[tuple[int, bytes]]]:
    """Where the extra area begins, and its records by their types."""
    fields = Fields(header)
    kind, flags = fields.number(), fields.number()
    size = fields.number() if flags & EXTRA else 0
    if kind not in (FILE, SERVICE) or not 0 < size <= len(header):
        return len(header), []
    start = fields.place = len(header) - size
    records = []
    while fields.place < len(header):
        length = fields.number()
        begin = fields.place
        kind = fields.number()
        records.append((kind, header[fields.place : begin + length]))
        fields.place = begin + max(length, 1)
    return start, records


def name_of(header: bytes) -> bytes:
    """Return the name of a file or a service."""
    fields = Fields(header)
    fields.number()
    flags = fields.number()
    for flag in (EXTRA, DATA):
        if flags & flag:
            fields.number()
    about = fields.number()
    fields.number()
    fields.number()
    for flag in (TIME, CRC):
        if about & flag:
            fields.take(4)
    fields.number()
    fields.number()
    return fields.take(fields.number())


def lock_of(header: bytes) -> Lock | None:
    """Return how a file's data are encrypted; None if they are not, or unknowably."""
    _, records = _extra(header)
    for kind, data in records:
        if kind == ENCRYPTION:
            return _lock(Fields(data), with_vector=True)
    return None


def without_lock(header: bytes, content: Reader) -> tuple[bytes, int]:
    """Return a file's header as it would be without encryption, and its packed size."""
    start, records = _extra(header)
    fields = Fields(header[:start])
    kind, flags = fields.number(), fields.number()
    fields.number()
    if flags & DATA:
        fields.number()
    about, unpacked, attributes = fields.number(), fields.number(), fields.number()
    time = fields.take(4) if about & TIME else b""
    if about & CRC:
        fields.take(4)
    compression = fields.number()
    if compression & METHOD:
        size = _packed_size(content)
    else:
        size = min(content.size, unpacked)
    extra = b""
    for record, data in records:
        if record not in (ENCRYPTION, DIGEST):
            body = number(record) + data
            extra += number(len(body)) + body
    flags = flags & ~EXTRA | DATA | (EXTRA if extra else 0)
    front = number(kind) + number(flags) + (number(len(extra)) if extra else b"")
    front += number(size) + number(about & ~CRC) + number(unpacked) + number(attributes)
    return front + time + number(compression) + fields.data[
        fields.place :
    ] + extra, size
