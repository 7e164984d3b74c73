"""Unpack OLE2 compound files: Office documents up to 2003, mail of Outlook, installers.

Layout in `formats/ole`: `compound` for sectors, `directory` for names (MS-CFB).

Every stream is a part, named by its path; a file attached to a mail by its own name. So
are sectors that belong to no stream: lost chains as "lost/1" and so on, all others
together as "unused" and "unused mini". What programs keep in streams is unpacked by
`formats/ole/contents.py`.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.ole.compound import MAGIC, NAME, Compound
from clearward.formats.ole.contents import Contents
from clearward.formats.ole.directory import ROOT, STREAM, Entry, entries, placed
from clearward.formats.ole.message import LONGEST_NAME, attached
from clearward.formats.ole.pieces import held
from clearward.formats.ole.table import Table

LAST_MAJOR_OF_32_BITS = 3
ROOM = 8 * MIB  # bytes of all streams together that may be held for reading them again


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield every stream, what is packed inside, and what no stream holds.

    Raises:
        Malformed: the header or the directory cannot be used.
        Truncated: the header ends early.
    """
    if not reader.at(0, len(MAGIC)).startswith(MAGIC):
        yield Gap(Reason.UNSUPPORTED)  # the layout before 1995
        return
    compound = Compound(reader)
    large = compound.header.major > LAST_MAJOR_OF_32_BITS
    found = list(entries(compound.directory(), large=large))
    root = next((entry for entry in found if entry.kind == ROOT), None)
    if root is not None:
        compound.root(root.start, root.size)
    yield from _streams(compound, found)
    faults = compound.faults
    yield from _unused(compound.sectors, b"")
    if compound.minis is not None:
        yield from _unused(compound.minis, b" mini")
    for reason in Reason:
        if reason & faults:
            yield Gap(reason)
    if root is None:
        place = (compound.header.directory + 1) << compound.header.sector_shift
        raise Malformed(NAME, min(place, reader.size), "directory")


def _streams(compound: Compound, found: list[Entry]) -> Iterator[Item]:
    def front(entry: Entry) -> bytes:
        content = next(compound.streams(entry.start, entry.size), None)
        return b"" if content is None else content.at(0, LONGEST_NAME)

    contents = Contents()
    listed = list(placed(found))
    ways = attached((each for each in listed if each.entry.kind == STREAM), front)
    room = ROOM  # streams are kept until the last one is known
    for each in listed:
        contents.enter(each)
        if each.entry.kind == STREAM:
            way = ways.get(each.entry.number, each.path)
            for pieces in compound.streams(each.entry.start, each.entry.size):
                content = held(pieces) if pieces.size <= room else pieces
                room -= content.size if content is not pieces else 0
                yield Part(content, way)
                yield from contents.stream(each, content)
    yield from contents.finish()


def _unused(table: Table, kind: bytes) -> Iterator[Item]:
    for number, pieces in enumerate(table.unreached(), 1):
        content = held(pieces.reader())
        if _holds_something(content):
            yield Part(content, b"unused%b/%d" % (kind, number))


def _holds_something(content: Reader) -> bool:
    """Say whether there is anything but one byte over and over."""
    first = content.at(0, 1)
    return any(chunk.strip(first) for chunk in content.chunks())
