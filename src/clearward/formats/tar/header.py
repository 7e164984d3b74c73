"""The header block of a tar member, in all its dialects.

Layout of a block of 512 bytes; numbers are octal digits that end with a space or NUL
(POSIX.1-1988 ustar; star(5) and the GNU tar manual, "Basic Tar Format", for the rest):

    offset  length  field
    0       100     name
    100     24      mode, owner, group
    124     12      size of the content in bytes
    136     12      time
    148     8       checksum: the sum of all bytes, this field taken as spaces
    156     1       type
    157     100     link name
    257     8       "ustar", NUL, "00" (POSIX); "ustar", two spaces, NUL (GNU); v7: none
    265     80      owner and group names, device numbers
    345     155     prefix of the name (POSIX only; GNU keeps a sparse map there)

A number whose first bit is set is not text: the other bits of the field are its value,
big-endian, as a two's complement.
"""

import re
from dataclasses import dataclass
from zlib import adler32

BLOCK = 512
USTAR = b"ustar"
SUM = slice(148, 156)
SUM_CHARACTERS = b" \x0001234567"

_SUM = re.compile(rb"[ \0]*([0-7]+)(?:[ \0][ \0-7]*)?")
_OCTAL = re.compile(rb"[ \t]*([0-7]*)(?:[ \0].*)?", re.DOTALL)
_LOW = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Header:
    """What a header block says.

    Attributes:
        name: raw and untrusted, prefix included.
        size: bytes of content that follow, at least 0; None if the field is no number.
        kind: the type, one byte.
        block: the block itself.
    """

    name: bytes
    size: int | None
    kind: bytes
    block: bytes


def parse(block: bytes) -> Header:
    """Read a block of 512 bytes as a header, good or not."""
    name = until_nul(block[:100])
    if block[257:263] == b"ustar\0" and block[345]:
        name = until_nul(block[345:500]) + b"/" + name
    size = number(block[124:136])
    if size is not None and size < 0:
        size = None
    return Header(name, size, block[156:157], block)


def sound(data: bytes, at: int = 0) -> bool:
    """Say whether the block at `at` holds its own checksum.

    Both sums in use are accepted: of unsigned bytes, and of signed ones as some old
    programs counted.
    """
    field = data[at + 148 : at + 156]
    # Nearly every block that is no header is turned away here, at the cost of a slice.
    if field.strip(SUM_CHARACTERS):
        return False
    found = _SUM.fullmatch(field)
    block = data[at : at + BLOCK]
    if found is None or len(block) < BLOCK:
        return False
    stored = int(found[1], 8)
    total = _sum(block) - sum(field) + len(field) * ord(" ")
    high = len(block.translate(None, _LOW))  # no high byte lies in the field itself
    return stored in {total, total - 256 * high}


def _sum(block: bytes) -> int:
    """Return the sum of the bytes of a block.

    The lower half of an Adler-32 is one more than that, as long as it is less than
    65,521 (RFC 1950, section 9). It is for half a block, and comes ten times sooner.
    """
    front = adler32(block[: BLOCK // 2]) & 0xFFFF
    return front + (adler32(block[BLOCK // 2 :]) & 0xFFFF) - 2


def resembles(block: bytes) -> bool:
    """Say whether a block looks like a header, whatever its checksum says."""
    if block[257:262] == USTAR:
        return True
    mode, size = number(block[100:108]), number(block[124:136])
    return _SUM.fullmatch(block[SUM]) is not None and None not in {mode, size}


def number(field: bytes) -> int | None:
    """Read a numeric field, as text or binary; None if it is neither.

    An empty field is 0, as every program reads it.
    """
    if field[0] & 0x80:
        bits = 8 * len(field) - 1  # all but the mark, as a two's complement
        value = int.from_bytes(field, "big") - (1 << bits)
        return value - (1 << bits) if value >> (bits - 1) else value
    if not field[0]:
        # Programs differ about digits behind a NUL: some skip it, some read 0.
        return None if field.strip(b"\0 ") else 0
    found = _OCTAL.fullmatch(field)
    return None if found is None else int(found[1] or b"0", 8)


def until_nul(text: bytes) -> bytes:
    """Return what stands before the first NUL."""
    return text.partition(b"\0")[0]
