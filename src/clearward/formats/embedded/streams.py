"""Archives and compressed streams that programs and scripts carry.

    program image | gzip, xz, bzip2, zstd, squashfs, ARJ or ACE
    "#!", lines of a script | gzip, xz, bzip2, zstd

Their magics are too short to be searched for everywhere, so they count right behind the
image, ARJ and ACE anywhere behind it or among the resources; in a script at the start
of a line.
"""

import re
import zlib
from collections.abc import Iterator
from struct import Struct

from clearward.core.reader import Reader
from clearward.formats.embedded.overlay import spans

STREAM = re.compile(
    rb"\x1f\x8b\x08|\xfd7zXZ\x00|BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)"
    rb"|\x28\xb5\x2f\xfd|hsqs"
)
IN_SCRIPT = re.compile(rb"\n(?=" + STREAM.pattern + rb")")
ACE_MAGIC = b"**ACE**"
ACE_PLACE = 7  # of the magic in the archive
MOST_TRIES = 1024  # of one magic; more are said to be one

ARJ_MAGIC = b"\x60\xea"
ARJ_SIZE = Struct("<2sH")
ARJ_MOST = 2600
CHECKSUM = Struct("<I")


def is_arj(data: bytes, place: int) -> bool:
    """Say whether the checksum of the main header is right (ARJ technical info)."""
    if len(data) - place < ARJ_SIZE.size:
        return False
    _, size = ARJ_SIZE.unpack_from(data, place)
    start = place + ARJ_SIZE.size
    if not 0 < size <= ARJ_MOST:
        return False
    checksum = CHECKSUM.pack(zlib.crc32(data[start : start + size]))
    return data.startswith(checksum, start + size)


def behind_program(head: bytes, reader: Reader) -> Iterator[int]:
    """Yield where an archive or a stream begins that a program carries."""
    for span in spans(head, reader):
        data = reader.at(span.start, span.size)
        if STREAM.match(data):
            yield span.start
        place = data.find(ACE_MAGIC)
        if place >= ACE_PLACE:
            yield span.start + place - ACE_PLACE
        place = _first_arj(data)
        if place >= 0:
            yield span.start + place


def _first_arj(data: bytes) -> int:
    place = data.find(ARJ_MAGIC)
    for _ in range(MOST_TRIES):
        if place < 0 or is_arj(data, place):
            return place
        place = data.find(ARJ_MAGIC, place + 1)
    return place


def behind_script(front: bytes) -> Iterator[int]:
    """Yield where a compressed stream begins behind a line of a script.

    Only the first, since what follows belongs to it.
    """
    found = None if front.isascii() else IN_SCRIPT.search(front)
    if found is not None:
        yield found.end()
