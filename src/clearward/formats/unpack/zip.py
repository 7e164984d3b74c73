"""Unpack zip archives, and files that hold one: jar, apk, docx, odt, self-extractors.

The layout is drawn in the files of `formats/zip`: local headers in `local`, the central
directory in `record`, end records in `ending`. What is opened, and why so, is in
`archive`.
"""

import re
from collections.abc import Iterator

from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.formats.zip.archive import Archive
from clearward.formats.zip.ending import END
from clearward.formats.zip.evidence import holds_archive
from clearward.formats.zip.local import LOCAL
from clearward.formats.zip.window import Window

NAME = "zip"
MARKS = (LOCAL, END)
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
    """
    return Archive(archive).items()
