"""Unpack Windows cabinets.

Layout of the front, numbers little-endian (MS-CAB 2.1):

    offset  length  field
    0       4       magic, "MSCF"
    8       4       size of the cabinet
    26      2       number of folders
    28      2       number of files
    30      2       flags: 1 another cabinet comes before, 2 another comes behind
    36              folders, files, blocks of data

libarchive reads the files. Of a set of cabinets only this one is at hand: what it shows
is yielded, and the rest is a gap. What lies behind the cabinet's end is a part.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import libarchive

NAME = "cab"
HEADER_SIZE = 36
OF_A_SET = 3  # flags


def unpack(cabinet: Reader) -> Iterator[Item]:
    """Yield the content of each file, then what lies behind the cabinet.

    Raises:
        Undecoded: unsupported, a folder in Quantum.
        Malformed: damage. What came before has been yielded.
        Truncated: the cabinet, or the set, ends too early.
    """
    header = cabinet.at(0, HEADER_SIZE)
    if len(header) < HEADER_SIZE:
        raise Truncated(NAME, len(header), "header")
    size = int.from_bytes(header[8:12], "little")
    if HEADER_SIZE < size < cabinet.size:
        yield Part(cabinet.slice(size, cabinet.size - size), b"trailing")
    one_of_a_set = header[30] & OF_A_SET
    try:
        yield from libarchive.unpack(NAME, cabinet, "cab")
    except Malformed as error:
        if not one_of_a_set or error.reason is not Reason.CORRUPT:
            raise
    if one_of_a_set:
        yield Gap(Reason.TRUNCATED)
