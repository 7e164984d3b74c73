"""The file of one entry: what a quarantined file held, and what is known about it.

    offset  length  field
    0       8       magic
    8       16      identifier of the entry
    24      8       which key sealed it, told by a digest of the key
    32      32      salt of its keys, random
    64              content: chunks as in `sealing`, at least one
                    record: JSON, sealed
    -24     8       bytes of content, big-endian
    -16     8       bytes of the sealed record, big-endian
    -8      8       magic

Everything is authenticated: the header with each chunk, header and footer with the
record. So the record can be read alone, as a list does, without opening the content.
"""

import os
import secrets
import struct
from collections.abc import Iterator

from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.sealing import (
    CHUNK,
    TAG,
    Bytes,
    Stream,
    derived,
    open_once,
    seal_once,
)

_MAGIC = b"CWQUAR\x001"
_END = b"1\x00CWQEND"
_HEADER = struct.Struct(">8s16s8s32s")
_FOOTER = struct.Struct(">QQ8s")
_SALT = 32
_MOST_RECORD = 32 << 20  # bytes


def key_name(master: bytes) -> bytes:
    """Return 8 bytes that tell keys apart and tell nothing else about them."""
    return derived(master, b"", b"name of the key", 8)


class Writer:
    """Writes an entry into an empty file; memory is bounded by two chunks.

    Args:
        descriptor: to write to, at its offset.
        master: the key that is kept.
        identifier: 16 bytes.
    """

    def __init__(self, descriptor: int, master: bytes, identifier: bytes) -> None:
        self._descriptor = descriptor
        salt = secrets.token_bytes(_SALT)
        self._header = _HEADER.pack(_MAGIC, identifier, key_name(master), salt)
        self._stream = Stream(master, self._header, salt)
        self._record_key = derived(master, salt, b"record")
        self._waiting = bytearray()
        self._size = 0
        _write(descriptor, self._header)

    def write(self, content: Bytes) -> None:
        """Add content.

        Raises:
            OSError: as write(2).
        """
        self._size += len(content)
        self._waiting += content
        while len(self._waiting) > CHUNK:  # or it may be the last
            chunk = self._stream.seal(memoryview(self._waiting)[:CHUNK], last=False)
            _write(self._descriptor, chunk)
            del self._waiting[:CHUNK]

    def finish(self, record: bytes) -> None:
        """Write the end: the last chunk and the record. The file is not synced yet."""
        _write(self._descriptor, self._stream.seal(self._waiting, last=True))
        footer = _FOOTER.pack(self._size, len(record) + TAG, _END)
        sealed = seal_once(self._record_key, record, self._header + footer)
        _write(self._descriptor, sealed + footer)


class Reader:
    """Reads an entry by its descriptor, whose offset is not moved.

    Args:
        descriptor: of the entry's file.
        master: the key that is kept.
        identifier: what its name says, 16 bytes.

    Raises:
        Damaged: it is not such a file, not all of it is there, or the key is another.
    """

    def __init__(self, descriptor: int, master: bytes, identifier: bytes) -> None:
        self._descriptor = descriptor
        whole = os.fstat(descriptor).st_size
        self._header = os.pread(descriptor, _HEADER.size, 0)
        self._footer = os.pread(
            descriptor, _FOOTER.size, max(whole - _FOOTER.size, _HEADER.size)
        )
        if len(self._header) < _HEADER.size or len(self._footer) < _FOOTER.size:
            raise Damaged("the entry is cut short")
        magic, said, key, self._salt = _HEADER.unpack(self._header)
        self.size, self._record_size, end = _FOOTER.unpack(self._footer)
        if magic != _MAGIC or end != _END or said != identifier:
            raise Damaged("the entry is cut short or is none")
        if key != key_name(master):
            raise Damaged("the entry was sealed with another key than the one kept now")
        self._behind = _HEADER.size + self.size + TAG * _chunks(self.size)
        if (
            not TAG <= self._record_size <= _MOST_RECORD
            or self._behind + self._record_size + _FOOTER.size != whole
        ):
            raise Damaged("the entry is cut short")
        self._master = master

    def record(self) -> bytes:
        """Return what is known about the file.

        Raises:
            Damaged: it was changed.
        """
        sealed = os.pread(self._descriptor, self._record_size, self._behind)
        key = derived(self._master, self._salt, b"record")
        return open_once(key, sealed, self._header + self._footer)

    def content(self) -> Iterator[bytes]:
        """Yield what the file held, in chunks.

        Raises:
            Damaged: it was changed; what was yielded before is as it was.
        """
        stream = Stream(self._master, self._header, self._salt)
        count = _chunks(self.size)
        offset = _HEADER.size
        for number in range(count):
            last = number == count - 1
            length = TAG + (self.size - number * CHUNK if last else CHUNK)
            yield stream.open(os.pread(self._descriptor, length, offset), last=last)
            offset += length


def _chunks(size: int) -> int:
    """How many chunks a content has; that of nothing has one."""
    return max(1, -(-size // CHUNK))


def _write(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
