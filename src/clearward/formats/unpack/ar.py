"""Unpack Unix ar archives: static libraries and Debian packages.

Layout, all text ASCII and padded with spaces (deb(5), ar(5)):

    offset  length  field
    0       8       magic, "!<arch>" and a newline
    then for each member, starting on an even offset:
    0       16      name; "#1/N" says that the first N bytes of the content are the name
    16      32      times, owner and mode, not used here
    48      10      size in bytes, decimal
    58      2       end mark, 0x60 0x0A
    60      size    content
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Part
from clearward.core.reader import Forward, Reader

NAME = "ar"
MAGIC = b"!<arch>\n"
HEADER_SIZE = 60
END_MARK = b"`\n"


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is an ar archive."""
    return head.startswith(MAGIC)


def unpack(archive: Forward) -> Iterator[Part]:
    """Yield the content of each member in archive order.

    Raises:
        Malformed: a header is wrong.
        Truncated: the archive ends inside a header or a member. In both cases the
            members before it have been yielded and are still worth scanning.
    """
    archive.take(len(MAGIC))
    while header := archive.take(HEADER_SIZE):
        start = archive.offset - len(header)
        if len(header) < HEADER_SIZE:
            raise Truncated(NAME, start, "header length")
        if header[58:60] != END_MARK:
            raise Malformed(NAME, start + 58, "end mark")
        digits = header[48:58].rstrip(b" ")
        if not digits.isdigit():
            raise Malformed(NAME, start + 48, "size")
        end = start + HEADER_SIZE + int(digits)
        yield Part(archive.part(int(digits)), name=header[:16].rstrip(b" /"))
        archive.skip(end - archive.offset)
        if archive.offset < end:
            raise Truncated(NAME, start + 48, "size beyond the archive")
        archive.skip(end % 2)
