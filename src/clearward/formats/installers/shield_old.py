"""Unpack archives of InstallShield 3, which end in .Z or ._1.

    offset  length  field
    0       8       13 5D 65 8C 3A 01 02 00
    41      4       place of the table, numbers little-endian
    49      2       number of folders

Table: for each folder number of files (2), length of the entry (2), length of the name
(2), the name, up to the length. Then for each file of each folder last volume (1),
number (2), size (4), packed size (4), place (4), time (4), unused (4), length of the
entry (2), attributes (1), split (1), unused (1), first volume (1), length of the name
(1), the name, up to the length. Attribute 16 says that it is not packed; else it is
with PKWARE's library, see `lz/dcl`.

Source: unshieldv3 (Apache-2.0), which describes the format.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.installers.again import Again
from clearward.formats.lz import dcl

NAME = "installshield"
MAGIC = b"\x13\x5d\x65\x8c"
HEADER = Struct("<41xI4xH")
FOLDER = Struct("<HHH")
FILE = Struct("<3xIII8xHBBxBB")
PLAIN, SPLIT = 16, 1


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content of each file.

    Raises:
        Malformed: an entry makes no sense. What came before has been yielded.
        Truncated: the table, or a file, is cut short.
    """
    head = archive.at(0, HEADER.size)
    if len(head) < HEADER.size:
        raise Truncated(NAME, archive.size, "header")
    offset, count = HEADER.unpack(head)
    folders = []
    for _ in range(count):
        files, length, size = FOLDER.unpack(_fields(archive, offset, FOLDER))
        if length < FOLDER.size:
            raise Malformed(NAME, min(offset, archive.size), "length of a folder")
        folders.append((archive.at(offset + FOLDER.size, size), files))
        offset += length
    again = Again(archive.size)
    for folder, files in folders:
        prefix = folder + b"\\" if folder else b""
        for _ in range(files):
            fields = FILE.unpack(_fields(archive, offset, FILE))
            if fields[3] < FILE.size or not again.more(fields[1]):
                raise Malformed(NAME, min(offset, archive.size), "entry of a file")
            name = prefix + archive.at(offset + FILE.size, fields[-1])
            yield from _file(archive, name, fields)
            offset += fields[3]


def _fields(archive: Reader, offset: int, layout: Struct) -> bytes:
    fields = archive.at(offset, layout.size)
    if len(fields) < layout.size:
        raise Truncated(NAME, archive.size, "table")
    return fields


def _file(archive: Reader, name: bytes, fields: tuple[int, ...]) -> Iterator[Item]:
    _, packed, place, _, attributes, split, _, _ = fields
    there = max(min(packed, archive.size - place), 0)
    if there:
        content = archive.slice(place, there)
        plain = bool(attributes & PLAIN)
        yield Part(content if plain else Stream(dcl.expand(content, NAME)), name, there)
    if there < packed or split & SPLIT:
        yield Gap(Reason.TRUNCATED, name)
