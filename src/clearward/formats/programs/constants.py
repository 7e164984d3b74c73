"""Find the strings that bytecode holds; nothing of it is run or built.

    Java class   constant pool behind 8 bytes: how many (2), then for each a tag and
                 what follows it; tag 1 a length (2) and so many bytes; all big-endian
    DEX          at 56 how many strings and where (4, 4) their places (4) are listed; at
                 each its length, 7 bits a byte, and its bytes up to a zero byte
    Python       what `marshal` wrote: of texts and byte strings a kind, a length (1 or
                 4), and so many bytes. Kinds are looked for everywhere, so nothing is
                 nested; what begins with control characters is none
    .NET         "#US" of the metadata: a length, in 1, 2 or 4 bytes as its first bits
                 say, UTF-16, and a byte

Numbers are little-endian where nothing is said.

Sources: Java Virtual Machine specification, 4.4; Dalvik executable format; CPython,
`marshal`; ECMA-335, II.24.2.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from struct import Struct

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.programs import managed, pe

LEAST = 24  # bytes of a string that is worth a look
MOST_AGAIN = 2  # times the part, for strings that lie over each other

JAVA_TEXT, JAVA_LONG = 1, (5, 6)  # tags; a long one counts twice
JAVA_SIZES = {  # bytes behind a tag
    **dict.fromkeys((7, 8, 16, 19, 20), 2),
    **dict.fromkeys((3, 4, 9, 10, 11, 12, 17, 18), 4),
    **dict.fromkeys(JAVA_LONG, 8),
    15: 3,
}
JAVA_POOL = 10

DEX_TABLE = Struct("<56xII")
DEX_LONGEST_LENGTH = 5

MARSHAL_LONG = re.compile(rb"[sutaA\xf3\xf5\xf4\xe1\xc1](..[\0-\x0f]\0)", re.DOTALL)
MARSHAL_SHORT = re.compile(rb"[zZ\xfa\xda]([\x18-\xff])", re.DOTALL)

FRONT = 64  # bytes of a string that tell whether it is one
WRITTEN = bytes((*b"\t\n\r", *range(32, 127), *range(128, 256)))

ROOT = Struct("<4s8xI")
ROOT_MAGIC = b"BSJB"
LONGEST_VERSION = 256
STREAMS = Struct("<xxH")
STREAM = Struct("<II")
MOST_STREAMS = 16
LONGEST_NAME = 32
USER_STRINGS = b"#US"


def java(data: bytes) -> Iterator[bytes]:
    """Yield texts of a Java class, as far as its pool can be read."""
    left = int.from_bytes(data[8:JAVA_POOL], "big")
    place = JAVA_POOL
    while left > 1 and place < len(data):
        tag = data[place]
        place += 1
        left -= 2 if tag in JAVA_LONG else 1
        if tag == JAVA_TEXT:
            size = int.from_bytes(data[place : place + 2], "big")
            place += 2
            yield data[place : place + size]
            place += size
        elif tag in JAVA_SIZES:
            place += JAVA_SIZES[tag]
        else:
            return


def dex(data: bytes) -> Iterator[bytes]:
    """Yield texts of a DEX file in the order in which they lie."""
    if len(data) < DEX_TABLE.size:
        return
    count, table = DEX_TABLE.unpack_from(data)
    listed = data[table : table + 4 * min(count, len(data) // 4)]
    whole = listed[: len(listed) // 4 * 4]
    places = sorted({place for (place,) in Struct("<I").iter_unpack(whole)})
    for place, following in pairwise([*places, len(data)]):
        start = place
        while start < place + DEX_LONGEST_LENGTH and data[start : start + 1] > b"\x7f":
            start += 1
        end = data.find(b"\0", start + 1, following + 1)
        yield data[start + 1 : end if end >= 0 else following]


def python(data: bytes) -> Iterator[bytes]:
    """Yield texts and byte strings of a file of Python bytecode."""
    for expression, width in ((MARSHAL_LONG, 4), (MARSHAL_SHORT, 1)):
        place = 0
        while (found := expression.search(data, place)) is not None:
            size = int.from_bytes(found[1], "little")
            end = found.start() + 1 + width + size
            place = found.start() + 1
            text = data[found.end() : min(end, found.end() + FRONT)]
            if (
                len(text) >= LEAST
                and end <= len(data)
                and not text.translate(None, WRITTEN)
            ):
                yield data[found.end() : end]
                place = end


def net(reader: Reader) -> Iterator[bytes]:
    """Yield the strings of a .NET program in UTF-8."""
    try:
        program = pe.read(reader)
    except Malformed:
        return
    for start, size in _user_strings(program, reader):
        data = reader.at(start, size)
        place = 0
        while place < len(data):
            length, width = _length(data, place)
            place += width
            text = data[place : place + length // 2 * 2]
            yield text.decode("utf-16-le", "replace").encode("utf-8", "replace")
            place += length


def _user_strings(program: pe.Program, reader: Reader) -> Iterator[tuple[int, int]]:
    """Yield place and size of the heap of strings."""
    root = managed.metadata(program, reader)
    if root is None:
        return
    head = reader.at(root, ROOT.size)
    if len(head) < ROOT.size or not head.startswith(ROOT_MAGIC):
        return
    place = root + ROOT.size + min(ROOT.unpack(head)[1], LONGEST_VERSION)
    fields = reader.at(place, STREAMS.size)
    count = STREAMS.unpack(fields)[0] if len(fields) == STREAMS.size else 0
    place += STREAMS.size
    for _ in range(min(count, MOST_STREAMS)):
        header = reader.at(place, STREAM.size + LONGEST_NAME)
        if len(header) < STREAM.size:
            return
        start, size = STREAM.unpack_from(header)
        name = header[STREAM.size :].split(b"\0")[0]
        if name == USER_STRINGS and root + start < reader.size:
            yield root + start, min(size, reader.size - root - start)
        place += STREAM.size + len(name) // 4 * 4 + 4


def _length(data: bytes, place: int) -> tuple[int, int]:
    """Return a length and how many bytes it takes (II.23.2)."""
    first = data[place]
    width = 1 if first < 0x80 else 2 if first < 0xC0 else 4  # noqa: PLR2004 - its bits
    value = int.from_bytes(data[place : place + width], "big")
    return value & (1 << 8 * width - min(width, 3)) - 1, width
