"""Unpack the files that Setup.exe of InstallShield carries for the Windows Installer.

Numbers are little-endian:

    offset  length  field
    0       14      "InstallShield" 0, or "ISSetupStream" 0
    14      2       number of files
    16      30      kind (4), unused
    46              files: an entry, and the content

Entry of the former (312 bytes): name (260), flags (4), unused (4), size (4), unused
(8), packed (2), unused. Of the latter: length of the name (4), flags (4), unused (2),
size (4), unused (8), packed (2), three times (24) that older ones lack, name in UTF-16.

Flags 2 and 4 say that the content is covered: halves of each byte are exchanged, and it
is combined with the name and four numbers; with 4 the name begins again every 1024
bytes. What is packed is so with zlib.

Source: ISSetupStream extractor by M. Mikulenas (MIT), which describes both.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import CHUNK, Reader, Stream
from clearward.formats.decompressor import Zlib
from clearward.formats.inflate import Frames

NAME = "setupstream"
NEWER = b"ISSetupStream\0"
HEADER = Struct("<14sH30x")
OLD_ENTRY = Struct("<260sI4xI8xH30x")
NEW_ENTRY = Struct("<II2xI8xH")
TIMES = 24
LONGEST_NAME = 4096
COVERED, AGAIN = 6, 4
PERIOD = 1024
NUMBERS = (0x13, 0x35, 0x86, 0x07)
EXCHANGED = bytes((value << 4 | value >> 4) & 0xFF ^ 0xFF for value in range(256))
ZLIB = b"\x78"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is said of a file; its content begins at `start`."""

    name: bytes
    flags: int
    size: int
    packed: int
    start: int


def unpack(data: Reader) -> Iterator[Item]:
    """Yield the content of each file.

    Args:
        data: from the magic on.

    Raises:
        Malformed: an entry makes no sense. What came before has been yielded.
        Truncated: the data end too early.
    """
    head = data.at(0, HEADER.size)
    if len(head) < HEADER.size:
        raise Truncated(NAME, data.size, "header")
    magic, count = HEADER.unpack(head)
    read = _new_entry if magic == NEWER else _old_entry
    offset = HEADER.size
    for _ in range(count):
        entry = read(data, offset)
        if entry.start > data.size:
            raise Truncated(NAME, data.size, "entry")
        there = min(entry.size, data.size - entry.start)
        yield from _content(data.slice(entry.start, there), entry)
        if there < entry.size:
            raise Truncated(NAME, data.size, "content")
        offset = entry.start + entry.size


def _old_entry(data: Reader, offset: int) -> _Entry:
    fields = data.at(offset, OLD_ENTRY.size)
    if len(fields) < OLD_ENTRY.size:
        raise Truncated(NAME, data.size, "entry")
    name, flags, size, packed = OLD_ENTRY.unpack(fields)
    name = name.partition(b"\0")[0]
    return _Entry(name, flags, size, packed, offset + OLD_ENTRY.size)


def _new_entry(data: Reader, offset: int) -> _Entry:
    fields = data.at(offset, NEW_ENTRY.size)
    if len(fields) < NEW_ENTRY.size:
        raise Truncated(NAME, data.size, "entry")
    length, flags, size, packed = NEW_ENTRY.unpack(fields)
    if length > LONGEST_NAME or length % 2:
        raise Malformed(NAME, offset, "length of a name")
    start = offset + NEW_ENTRY.size
    for skipped in (TIMES, 0):
        raw = data.at(start + skipped, length)
        name = raw.decode("utf-16-le", "replace")
        if len(raw) == length and name.isprintable():
            return _Entry(name.encode(), flags, size, packed, start + skipped + length)
    raise Malformed(NAME, start, "name")


def _content(content: Reader, entry: _Entry) -> Iterator[Item]:
    if not entry.size:
        return
    plain = entry.name and entry.flags & COVERED
    chunks = _uncovered(content, entry) if plain else content.chunks()
    stream = Stream(chunks)
    front = stream.take(2)
    source = stream.tail(front)
    if source is None:
        return
    if entry.packed and front.startswith(ZLIB):
        frames = Frames(NAME, source, lambda _: Zlib(zlib.MAX_WBITS), once=True)
        yield Part(Stream(iter(frames)), entry.name, entry.size)
    else:
        yield Part(source, entry.name, entry.size)


def _uncovered(content: Reader, entry: _Entry) -> Iterator[bytes]:
    key = bytes(
        letter ^ NUMBERS[at % len(NUMBERS)] for at, letter in enumerate(entry.name)
    )
    if entry.flags & AGAIN:
        key = (key * (PERIOD // len(key) + 1))[:PERIOD]
    keys = key * (CHUNK // len(key) + 2)
    place = 0
    for chunk in content.chunks():
        start = place % len(key)
        cover = int.from_bytes(keys[start : start + len(chunk)], "little")
        value = int.from_bytes(chunk.translate(EXCHANGED), "little") ^ cover
        yield value.to_bytes(len(chunk), "little")
        place += len(chunk)
