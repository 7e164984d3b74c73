"""Unpack Unix ar archives: static libraries and Debian packages.

Layout, all text ASCII and padded with spaces (deb(5), ar(5)):

    offset  length  field
    0       8       magic, "!<arch>" and a newline; "!<thin>" and a newline
    then for each member, starting on an even offset:
    0       16      name; "#1/N" says that the first N bytes of the content are the name
    16      32      times, owner and mode, not used here
    48      10      size in bytes, decimal
    58      2       end mark, 0x60 0x0A
    60      size    content

The tables of symbols and of long names ("/", "//") are members like any other. In a
thin archive only they have content: the other members are files of their own beside the
archive, so there is nothing of them here to be looked at, and it is no gap.
"""

import re
from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import KIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Forward, Reader
from clearward.core.reasons import Reason
from clearward.formats.rewind import Rewind

NAME = "ar"
MAGIC = b"!<arch>\n"
THIN = b"!<thin>\n"
MAGICS = (MAGIC, THIN)
HEADER_SIZE = 60
END_MARK = b"`\n"
ENDLESS = 1 << 64
NAME_MOST = 4 * KIB  # bytes of a name in front of the content

_TABLES = frozenset({b"/", b"//", b"/SYM64/"})
_SIZE = re.compile(rb" *([0-9]+)")
_NAME_INSIDE = re.compile(rb"#1/([0-9]+) *")


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is an ar archive."""
    return head.startswith(MAGICS)


def unpack(archive: Forward) -> Iterator[Item]:
    """Yield the content of each member in archive order.

    Raises:
        Malformed: a header is wrong. What lies there is yielded as one part.
        Truncated: the archive ends inside a header or a member. In both cases the
            members before it have been yielded and are still worth scanning.
    """
    source = Rewind(archive)
    thin = source.take(len(MAGIC)) == THIN
    while header := source.take(HEADER_SIZE):
        if len(header) < HEADER_SIZE and not header.strip(b"\n\0"):
            return  # padding
        start = source.offset - len(header)
        fault = _fault(header, start)
        if fault is not None:
            source.give_back(header)
            yield Part(source.part(ENDLESS), b"trailing")
            raise fault
        if thin and header[:16].rstrip() not in _TABLES:
            continue
        size = _size(header)
        end = source.offset + size
        yield from _member(source, header[:16].rstrip(b" /"), size)
        if not source.reach(end):
            raise Truncated(NAME, start + 48, "size beyond the archive")
        source.skip(end % 2)


def _fault(header: bytes, start: int) -> Malformed | None:
    if len(header) < HEADER_SIZE:
        return Truncated(NAME, start, "header length")
    if header[58:60] != END_MARK:
        return Malformed(NAME, start + 58, "end mark")
    if _size(header) < 0:
        return Malformed(NAME, start + 48, "size")
    return None


def _size(header: bytes) -> int:
    """Read the size of a member, up to the first character that is no digit; or -1."""
    found = _SIZE.match(header, 48, 58)
    return int(found[1]) if found else -1


def _member(source: Rewind, name: bytes, size: int) -> Iterator[Item]:
    """Yield a content of `size` bytes, without a name at its front."""
    inside = _NAME_INSIDE.fullmatch(name)
    length = int(inside[1]) if inside else 0
    if length > min(size, NAME_MOST):
        yield Gap(Reason.CORRUPT, name)
    elif length:
        name = source.take(length).rstrip(b"\0")
        size -= length
    yield Part(source.part(size), name)
