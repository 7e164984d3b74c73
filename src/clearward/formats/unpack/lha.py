"""Unpack LHA and LZH archives.

Layout of a member's header at levels 0 and 1 (LHA header notes of its authors, as the
manual of lhasa collects them); 2 and 3 begin alike:

    offset  length  field
    0       1       size of the header, or its low byte
    1       1       sum of the header's bytes; 0 or more of the size
    2       5       method: "-lh0-" stored, "-lh5-" to "-lh7-", "-lhd-" a folder
    7       4       packed size, little-endian
    11      4       size
    20      1       level
    21              name, and more; then the packed content

libarchive reads the members; a method that it does not know is a gap for the member.
"""

from collections.abc import Iterator
from dataclasses import replace

from clearward.core.part import Item, Mention
from clearward.core.reader import Reader
from clearward.formats import libarchive

NAME = "lha"


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content of each member in archive order.

    Raises:
        Malformed: a header is wrong. What came before has been yielded.
        Truncated: the archive ends too early.
    """
    for item in libarchive.unpack(NAME, archive, "lha"):
        yield item if isinstance(item, Mention) else replace(item, name=_raw(item.name))


def _raw(name: bytes) -> bytes:
    """The name as it is stored: the library takes one byte for one character."""
    try:
        return name.decode().encode("latin-1")
    except UnicodeError:
        return name  # it was stored as UTF-16
