"""Unpack AppleSingle: a file of the Macintosh with all that belongs to it.

Layout, numbers big-endian (RFC 1740, appendix A): 00051600, version (4), filler (16),
number of entries (2), then for each what it is (4: 1 data fork, 2 resource fork, 3
name), offset (4), length (4).
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason

NAME = "applesingle"
COUNT = 24
START = 26
ENTRY = Struct(">III")
REAL_NAME = 3
NAME_MOST = 4096


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield every entry but the name.

    Raises:
        Truncated: the list of entries ends early. Those before that were yielded.
    """
    count = int.from_bytes(reader.at(COUNT, 2), "big")
    entries = reader.at(START, count * ENTRY.size)
    whole = len(entries) - len(entries) % ENTRY.size
    name = b""
    for kind, start, size in ENTRY.iter_unpack(entries[:whole]):
        if kind == REAL_NAME:
            name = reader.at(start, min(size, NAME_MOST))
    for kind, start, size in ENTRY.iter_unpack(entries[:whole]):
        there = min(start, reader.size)
        content = reader.slice(there, min(size, reader.size - there))
        if content.size and kind != REAL_NAME:
            yield Part(content, name)
        if content.size < size:
            yield Gap(Reason.TRUNCATED, name)
    if reader.size < START or len(entries) < count * ENTRY.size:
        raise Truncated(NAME, reader.size, "entries")
