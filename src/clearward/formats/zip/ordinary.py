"""A member as nearly all are: small, and just what both its headers say.

For these the way through `Member`, which is ready for anything, takes much longer than
unpacking. Whatever is odd about a member, however little, is left to that way; what is
read here is what it would yield.
"""

from struct import Struct
from typing import NamedTuple

from zlib_ng.zlib_ng import crc32

from clearward.core.reader import Reader
from clearward.formats.zip.claim import DEFLATED, DESCRIPTOR, STORED
from clearward.formats.zip.descriptor import descriptor_size
from clearward.formats.zip.local import LOCAL
from clearward.formats.zip.record import HEADER, RECORD
from clearward.formats.zip.small import MOST, MOST_PACKED, unpacked
from clearward.formats.zip.window import Window

HARMLESS = 0x6 | DESCRIPTOR | 1 << 11  # deflate's effort, sizes behind, name in UTF-8
RECORD_FIELDS = Struct("<4s4x2H4x3LH")
LOCAL_FIELDS = Struct("<4s2x2H4x3L2H")
EMPTY = Reader.of(b"")
NOT_LATER = (int.from_bytes(LOCAL, "little"), int.from_bytes(RECORD, "little"))


class Ordinary(NamedTuple):
    """A member that was read.

    Attributes:
        name: as its record has it.
        content: what it holds.
        packed: bytes of its data.
        start: offset of the data.
        end: offset behind the data.
        behind: offset behind the data and their descriptor.
        stored: the data are the content.
    """

    name: bytes
    content: Reader
    packed: int
    start: int
    end: int
    behind: int
    stored: bool


def ordinary(window: Window, offset: int, position: int) -> Ordinary | None:
    """Return a member if there is nothing odd about it.

    Args:
        window: the archive.
        offset: of its local header.
        position: of its record, which lies in the archive.
    """
    local = window.at(offset, LOCAL_FIELDS.size)
    record = window.at(position, RECORD_FIELDS.size)
    if len(local) < LOCAL_FIELDS.size or len(record) < RECORD_FIELDS.size:
        return None
    _, flags, *claim, length = RECORD_FIELDS.unpack(record)
    mark, bits, *said, skipped, extra = LOCAL_FIELDS.unpack(local)
    method, crc, packed, size = claim
    if mark != LOCAL or (flags | bits) & ~HARMLESS:
        return None
    later = bits & DESCRIPTOR and not said[2]
    if said != claim and not (later and said[0] == method):
        return None
    start = offset + LOCAL_FIELDS.size + skipped + extra
    end = start + packed
    content: Reader | None = None
    if method == DEFLATED:
        content = _inflated(window, start, crc, packed, size)
    elif method == STORED and not (flags | bits) & DESCRIPTOR:
        content = _stored(window, start, crc, packed, size)
    name = window.at(position + HEADER.size, length)
    if content is None or (not size and name.endswith(b"/")):
        return None
    behind = _behind(window, end, crc, packed, size) if size else end
    stored = method == STORED
    return Ordinary(name, content, packed, start, end, behind, stored)


def _inflated(
    window: Window, start: int, crc: int, packed: int, size: int
) -> Reader | None:
    if not 0 < packed <= MOST_PACKED or not 0 < size <= MOST:
        return None
    content = unpacked(window.at(start, packed), packed, size)
    if content is None or crc32(content) != crc:
        return None
    return Reader.of(content)


def _stored(
    window: Window, start: int, crc: int, packed: int, size: int
) -> Reader | None:
    if packed != size or packed > MOST or start + packed > window.size:
        return None
    if not packed:
        return EMPTY
    if crc32(window.at(start, packed)) != crc:
        return None
    return window.reader.slice(start, packed)


def _behind(window: Window, end: int, crc: int, packed: int, size: int) -> int:
    """Return where the descriptor behind a member ends, if there is one."""
    following = window.at(end, 4)
    if following in (LOCAL, RECORD) and crc not in NOT_LATER:
        return end
    return end + descriptor_size(window, end, crc, packed, size)
