"""Tell a zip that is the last file of a tar from one that begins somewhere in it."""

from struct import Struct

from clearward.core.reader import Reader
from clearward.formats.tar.header import BLOCK, parse, sound

# An end record: mark, numbers of disks and of members, bytes of the directory, where it
# is counted from the start of the zip, bytes of the comment (APPNOTE.TXT, 4.3.16).
END = Struct("<4s8xIIH")


def is_member(tar: Reader, end: int) -> bool:
    """Say whether a zip is a file of a tar, all of it and no more.

    Args:
        tar: the archive.
        end: where the end record of the zip stands.
    """
    record = tar.at(end, END.size)
    if len(record) < END.size:
        return False
    _, directory, offset, comment = END.unpack(record)
    start: int = end - directory - offset
    size: int = END.size + comment + end - start
    block = tar.at(start - BLOCK, BLOCK)
    if start < BLOCK or not sound(block):
        return False
    return parse(block).size == size
