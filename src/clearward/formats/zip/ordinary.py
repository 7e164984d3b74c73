"""A member as nearly all are: small, deflated, and just what both its headers say.

For these the way through `Member`, which is ready for anything, takes much longer than
unpacking. Whatever is odd about a member, however little, is left to that way; what is
read here is what it would yield.
"""

from struct import Struct
from typing import NamedTuple

from zlib_ng.zlib_ng import crc32

from clearward.formats.zip.claim import DEFLATED, DESCRIPTOR
from clearward.formats.zip.descriptor import descriptor_size
from clearward.formats.zip.local import LOCAL
from clearward.formats.zip.record import RECORD
from clearward.formats.zip.small import MOST, MOST_PACKED, unpacked
from clearward.formats.zip.window import Window

HARMLESS = 0x6 | DESCRIPTOR | 1 << 11  # deflate's effort, sizes behind, name in UTF-8
RECORD_FIELDS = Struct("<4s4x2H4x3LH")
LOCAL_FIELDS = Struct("<4s2x2H4x3L2H")
NOT_LATER = (int.from_bytes(LOCAL, "little"), int.from_bytes(RECORD, "little"))


class Ordinary(NamedTuple):
    """A member that was unpacked.

    Attributes:
        name: as its record has it.
        packed: bytes of its data.
        content: what they hold.
        end: offset behind the data.
        behind: offset behind the data and their descriptor.
    """

    name: bytes
    packed: int
    content: bytes
    end: int
    behind: int


def ordinary(window: Window, offset: int, position: int) -> Ordinary | None:
    """Return a member if there is nothing odd about it.

    Args:
        window: the archive.
        offset: of its local header.
        position: of its record, which lies in the archive.
    """
    data = window.data
    if data is None or offset + LOCAL_FIELDS.size > len(data):
        return None
    _, flags, method, *said, name_size = RECORD_FIELDS.unpack_from(data, position)
    mark, bits, other, crc, packed, size, skipped, extra = LOCAL_FIELDS.unpack_from(
        data, offset
    )
    if (
        mark != LOCAL
        or method != DEFLATED
        or other != DEFLATED
        or (flags | bits) & ~HARMLESS
    ):
        return None
    if bits & DESCRIPTOR and not packed:
        crc, packed, size = said
    elif [crc, packed, size] != said:
        return None
    if not 0 < packed <= MOST_PACKED or not 0 < size <= MOST:
        return None
    start = offset + LOCAL_FIELDS.size + skipped + extra
    content = unpacked(data[start : start + packed], packed, size)
    if content is None or crc32(content) != crc:
        return None
    end = start + packed
    name = data[position + 46 : position + 46 + name_size]
    return Ordinary(name, packed, content, end, _behind(window, end, crc, packed, size))


def _behind(window: Window, end: int, crc: int, packed: int, size: int) -> int:
    """Return where the descriptor behind a member ends, if there is one."""
    following = window.at(end, 4)
    if following in (LOCAL, RECORD) and crc not in NOT_LATER:
        return end
    return end + descriptor_size(window, end, crc, packed, size)
