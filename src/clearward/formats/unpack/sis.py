"""Unpack installation files of Symbian before version 9.

Layout, numbers little-endian ("Symbian OS installation file format"):

    offset  length  field
    8       4       10000419
    18      2       number of languages
    20      2       number of records
    32      4       version of the installer, 200 from Symbian 6 on
    52      4       offset of the records

A record begins with its kind (4). A file (0, or 1 with a content for each language):
type (4), details (4), length (4) and offset (4) of the name it had, the same of the
name it gets, then for each language its packed size (4), for each its offset (4), and
from Symbian 6 on for each its size (4) and once length and offset of a media type (8).
Options (2): their number (4), for each and each language length and offset (8), then
which are chosen (16). A condition (3, 4): its size (4), and itself. 5 and 6 are alone.

Content is packed by zlib or stored; which one, its first bytes tell.
"""

from collections.abc import Generator, Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.closed_headers import is_zlib_header
from clearward.formats.lz import packed

NAME = "sis"
HEADER = Struct("<18xHH10xI16xI")
LONG_RECORDS = 200
FILE, FILES, OPTIONS, IF, ELSE_IF, ELSE, END_IF = range(7)
FILE_FIELDS = Struct("<IIIIII")  # type, details, names
FILE_START = 4
MEDIA_TYPE = 8
OPTIONS_CHOSEN = 16
NAME_MOST = 4096


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield each file, once for each language that it has a content for.

    Raises:
        Malformed: a record is of no known kind. The files before it were yielded.
        Truncated: the archive ends early.
    """
    head = reader.at(0, HEADER.size)
    if len(head) < HEADER.size:
        raise Truncated(NAME, len(head), "header length")
    languages, records, version, offset = HEADER.unpack(head)
    for _ in range(records):
        kind = _number(reader, offset)
        if kind in (FILE, FILES):
            count = languages if kind == FILES else 1
            offset = yield from _file(
                reader, offset, count, long=version >= LONG_RECORDS
            )
        elif kind == OPTIONS:
            options = _number(reader, offset + 4)
            offset += 8 + options * languages * 8 + OPTIONS_CHOSEN
        elif kind in (IF, ELSE_IF):
            offset += 8 + _number(reader, offset + 4)
        elif kind in (ELSE, END_IF):
            offset += 4
        else:
            raise Malformed(NAME, offset, "kind of a record")


def _number(reader: Reader, offset: int) -> int:
    data = reader.at(offset, 4)
    if len(data) < len(b"size"):
        raise Truncated(NAME, min(offset, reader.size), "record")
    return int.from_bytes(data, "little")


def _file(
    reader: Reader, offset: int, count: int, *, long: bool
) -> Generator[Item, None, int]:
    """Yield the contents of a file; return where the next record begins."""
    fields = reader.at(offset + FILE_START, FILE_FIELDS.size)
    if len(fields) < FILE_FIELDS.size:
        raise Truncated(NAME, min(offset, reader.size), "record")
    _, _, _, _, length, place = FILE_FIELDS.unpack(fields)
    name = reader.at(place, min(length, NAME_MOST))
    sizes = offset + FILE_START + FILE_FIELDS.size
    for number in range(count):
        size = _number(reader, sizes + 4 * number)
        start = _number(reader, sizes + 4 * (count + number))
        yield from _content(reader, start, size, name)
    return sizes + 8 * count + (4 * count + MEDIA_TYPE if long else 0)


def _content(reader: Reader, start: int, size: int, name: bytes) -> Iterator[Item]:
    there = min(start, reader.size)
    content = reader.slice(there, min(size, reader.size - there))
    if content.size < size:
        yield Gap(Reason.TRUNCATED, name)
    if not content.size:
        return
    if is_zlib_header(content.at(0, 2)):
        chunks = packed.unpacked(NAME, content, packed.zlib_stream)
        yield Part(Stream(chunks), name, content.size)
    else:
        yield Part(content, name)
