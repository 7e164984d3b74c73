"""Unpack Windows images: the files of installation media and of backups.

Layout, numbers little-endian (Windows Imaging File Format, 2007):

    offset  length  field
    0       8       "MSWIM" and zeros
    40      2, 2    number of this file, and of how many
    48      24      resource of the table of resources
    72      24      likewise of a description in XML
    124     24      likewise of a table of digests

`formats/wim/resources.py` draws resources and the table, `packing.py` says how they are
packed, `solid.py` how many files are packed as one, and `names.py` where names stand.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.wim.names import names
from clearward.formats.wim.packing import NAME
from clearward.formats.wim.resources import (
    METADATA,
    RESOURCE,
    SOLID,
    Entry,
    Image,
    Resource,
)
from clearward.formats.wim.solid import insides

MAGIC = b"MSWIM\0\0\0"
TABLE, DESCRIPTION, DIGESTS = 48, 72, 124  # offsets of resources
MOST_NAMES = 32 * MIB  # bytes of metadata that are read for names
MOST_TABLE = 16 * MIB  # more than 300,000 files
Names = Mapping[bytes, bytes]


def unpack(file: Reader) -> Iterator[Item]:
    """Yield the content of each file once, whatever names it has; and what follows all.

    Raises:
        Malformed: the table is wrong.
        Truncated: something lies behind the end.
    """
    if file.at(0, len(MAGIC)) != MAGIC:
        yield Gap(Reason.UNSUPPORTED)
        return
    image = Image(file)
    table, *others = (
        Resource.of(file.at(place, RESOURCE).ljust(RESOURCE, b"\0"))
        for place in (TABLE, DESCRIPTION, DIGESTS)
    )
    reason = Reason.UNSUPPORTED if table.flags & SOLID else image.reason(table)
    if reason is not None or table.size > MOST_TABLE:
        yield Gap(reason or Reason.PARTS_LIMIT)
        return
    entries = list(image.entries(table))
    known = _names(image, entries)
    for solid, run in groupby(entries, lambda entry: entry.resource.flags & SOLID):
        if solid:
            yield from _solid(image, list(run), known)
        else:
            for entry in run:
                yield from _part(image, entry, known)
    own = [entry.resource for entry in entries if entry.number == image.number]
    yield from _trailing(file, (table, *others, *own))
    if image.number != image.files:
        yield Gap(Reason.TRUNCATED)
    if table.place + table.packed > file.size:
        raise Truncated(NAME, file.size, "table of resources")


def _trailing(file: Reader, resources: Iterable[Resource]) -> Iterator[Part]:
    end = max(each.end for each in resources)
    if end < file.size:
        yield Part(file.slice(end, file.size - end), b"trailing")


def _part(image: Image, entry: Entry, known: Names) -> Iterator[Item]:
    resource = entry.resource
    name = known.get(entry.digest, entry.digest.hex().encode())
    reason = image.reason(resource)
    if entry.number != image.number:
        yield Gap(Reason.TRUNCATED, name)
    elif reason is not None:
        yield Gap(reason, name)
    elif resource.size:
        content = image.content(resource)
        if isinstance(content, Stream):
            content = Stream(_checked(content, entry))
        yield Part(content, name, packed=resource.packed)


def _solid(image: Image, run: list[Entry], known: Names) -> Iterator[Item]:
    here = [entry for entry in run if entry.number == image.number]
    if len(here) < len(run):
        yield Gap(Reason.TRUNCATED)
    for inside in insides(image, here):
        digest = inside.entry.digest
        name = known.get(digest, digest.hex().encode())
        if isinstance(inside.content, Reason):
            yield Gap(inside.content, name)
        else:
            content = Stream(_checked(inside.content, inside.entry))
            yield Part(content, name, packed=inside.packed)


def _checked(content: Stream, entry: Entry) -> Iterator[bytes]:
    """Yield a content; raise if it does not have its digest."""
    found = hashlib.sha1(usedforsecurity=False)
    for data in content.rest():
        found.update(data)
        yield data
    if found.digest() != entry.digest:
        raise Malformed(NAME, entry.resource.place, "digest")


def _names(image: Image, entries: list[Entry]) -> dict[bytes, bytes]:
    """Return the ways to files by the SHA-1 of their content."""
    known: dict[bytes, bytes] = {}
    left = MOST_NAMES
    for resource in (entry.resource for entry in entries):
        if not resource.flags & METADATA or resource.flags & SOLID:
            continue
        left -= resource.size
        if image.reason(resource) is None and left > 0:
            try:
                known |= names(_read(image.content(resource), resource.size))
            except Malformed:
                continue  # it is said where the metadata itself are looked at
    return known


def _read(content: Reader | Stream, size: int) -> bytes:
    return content.at(0, size) if isinstance(content, Reader) else content.take(size)
