"""Unpack a Windows program without running it, where UPX left a note of how.

    "UPX!"          in front of the packed bytes, or a little before
    4, 5, 6, 7      version, format, method, level
    8, 12           Adler-32 of the content, and of the packed bytes
    16, 20          size of both
    24              size of the file
    28, 29          filter and its parameter

The content is memory from the first section on, and behind it the headers that were
there before. Addresses in it are as they are before Windows moves a program, and what
it imports is in a list of UPX's own.

The note may be a lie, since the program itself does not read it. So this is for
programs that take too long to run, and does not say that they were looked at.

Source: the structure as descriptions of UPX have it; what upx 4.2 writes.
"""

import zlib
from struct import Struct

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats.programs import image as images
from clearward.formats.programs.image import SIGNATURE, Image
from clearward.formats.programs.upx import BLOCK_SIZE, MARK, METHODS, Block
from clearward.formats.programs.upx_content import content, unfiltered
from clearward.formats.running import rebuilt
from clearward.formats.running.process import Process

NOTE = Struct("<4s4B5I4B")
MOST = 48 * MIB
SEARCHED = 4096  # bytes that a note is looked for in
CODE = Struct("<4xI12xI")  # of the optional header: size of code, and its address
OPTIONAL = 24


def program(process: Process) -> bytes | None:
    """Return the program that was packed, as a file; None if no note tells of it.

    Args:
        process: laid out, and not yet run; its memory is written over.
    """
    found = process.file.find(MARK, 0, SEARCHED)
    note = process.file[found : found + NOTE.size] if found >= 0 else b""
    if len(note) < NOTE.size:
        return None
    _, _, _, method, _, plain, packed, size, length, _, *filter = NOTE.unpack(note)
    start = found + NOTE.size
    if method not in METHODS or not 0 < length <= size <= MOST:
        return None
    if zlib.adler32(process.file[start : start + length]) != packed:
        return None
    block = Block(start - BLOCK_SIZE, size, length, method, 0, 0)
    try:
        whole = b"".join(content(Reader.of(process.file), block))
    except Malformed:
        return None
    if zlib.adler32(whole) != plain:
        return None
    return _rebuilt(process, whole, filter)


def _rebuilt(process: Process, whole: bytes, filter: list[int]) -> bytes | None:
    image = process.image
    first = image.sections[0].address
    before = _headers(whole, image)
    if before is None:
        return None
    optional = before.place + OPTIONAL
    size, address = CODE.unpack_from(whole.ljust(optional + CODE.size, b"\0"), optional)
    start = max(address - first, 0)
    code = unfiltered(whole[start : start + size], filter[0], filter[1])
    whole = whole[:start] + code + whole[start + len(code) :]
    if not process.machine.write(image.base + first, whole):
        return None
    return rebuilt.program(process, image.base + before.entry, without_stub=True)


def _headers(whole: bytes, image: Image) -> Image | None:
    """Return the headers behind the content, if they are of this program."""
    place = whole.rfind(SIGNATURE)
    try:
        before = images.read_at(Reader.of(whole), max(place, 0))
    except Malformed:
        return None
    same = before.wide == image.wide and before.base == image.base
    return before if same else None
