"""Unpack zip archives, and files that hold one: jar, apk, docx, odt, self-extractors.

The layout is drawn in the files of `formats/zip`: local headers in `local`, the central
directory in `record`, end records in `ending`. What is opened, and why so, is in
`archive`.
"""

import re
from collections.abc import Iterator

from clearward.core.limits import MIB
from clearward.core.part import Item, Part
from clearward.core.reader import CHUNK, Reader
from clearward.formats import odf
from clearward.formats.format import Mine
from clearward.formats.zip.archive import Archive
from clearward.formats.zip.ending import END
from clearward.formats.zip.evidence import holds_archive
from clearward.formats.zip.local import LOCAL
from clearward.formats.zip.shared import Shared
from clearward.formats.zip.window import Window

NAME = "zip"
MARKS = (LOCAL, END)
ENDING = 22  # bytes of an end record without a comment
COMMENT = 20  # place of its length in it
ENDED_WITHIN = 32 * MIB  # bytes in which the end is looked for, of a part not at hand
COUNT = slice(10, 12)  # in it: how many members there are
MANY = 8
MAGIC = re.compile(rb"PK[\x03\x05]")


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part is or holds a zip archive, wherever that begins.

    Every part is asked, so the common answer takes a microsecond: text has none of the
    two bytes, and other data rarely has them behind "PK".
    """
    data = reader.held
    if data is not None and (
        (data.find(3) < 0 and data.find(5) < 0) or MAGIC.search(data) is None
    ):
        return False
    return holds_archive(Window(reader))


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the members of both views, and a gap for what could not be looked at.

    Damage raises nothing: what is there of a damaged member is yielded, then a gap.
    What follows the end record of a part that begins as an archive is a part, too: it
    may be another archive.
    """
    document = None
    if odf.is_document(archive):
        document = odf.unlocked(Archive(archive).items)
    if document is None:
        yield from Archive(archive).items()
    else:
        with document.known():
            yield from Archive(archive).items()
        yield from document.parts(Archive(archive).items())
    if archive.at(0, len(LOCAL)) == LOCAL:
        yield from _behind(archive)


def _behind(archive: Reader) -> Iterator[Item]:
    start = max(archive.size - ENDED_WITHIN, 0)
    data = archive.held if archive.held is not None else archive.at(start, ENDED_WITHIN)
    start = archive.size - len(data)
    place = data.rfind(END)
    if place < 0:
        return
    comment = int.from_bytes(data[place + COMMENT : place + ENDING], "little")
    end = start + place + ENDING + comment
    if end < archive.size and archive.at(end, CHUNK).strip(b"\0"):
        yield Part(archive.slice(end, archive.size - end), b"trailing")


def shared(archive: Reader, mine: Mine) -> Iterator[Item]:
    """Yield the members that `mine` picks, as `Format.shared` has it."""
    return Shared(archive).shared(mine)


def is_worth_sharing(head: bytes, reader: Reader) -> bool:
    """Say whether a part looks like a regular archive of many members."""
    if not head.startswith(LOCAL) or reader.size < ENDING:
        return False
    end = reader.at(reader.size - ENDING, ENDING)
    return end.startswith(END) and int.from_bytes(end[COUNT], "little") >= MANY
