"""Unpack scripts of AutoIt 3, alone or behind a program: EA05 and EA06.

    16 bytes, always the same; "AU3!EA05" or "AU3!EA06"; 16 bytes made from a password
    then records:
    "FILE" (4), covered
    letters (4) of the kind, changed; the kind, covered
    letters (4) of the path, changed; the path, covered
    packed (1): 1 if it is
    size (4), size when unpacked (4), checksum (4), all changed
    times (16)
    content, covered
    then "AU3!" and the version once more

Numbers are little-endian and changed by an exclusive or with a number of the version.
What is covered is so with keys, see `autoit_keys`, whose seeds depend on the version;
in EA05 that of the content depends on the sum of the bytes made from the password. In
EA06 letters have two bytes, and a script consists of tokens, see `autoit_script`.

Source: AutoIt-Ripper (MIT), which describes the format by reading it.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.installers import autoit_keys, autoit_packed, autoit_script
from clearward.formats.installers.autoit_keys import uncovered

NAME = "autoit"
MAGIC = b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d"
MARK = b"AU3!"
VERSION = slice(len(MAGIC) + len(MARK), len(MAGIC) + len(MARK) + 4)
FRONT, PASSWORD = VERSION.stop, 16
FILE = b"FILE"
TOKENS = b">>>AUTOIT SCRIPT<<<"
SPECIAL = b">"  # scripts, and what is no file
LONGEST = 64 * 1024  # letters of a kind or a path
MOST_CONTENT = 32 * MIB  # held twice while keys are taken away
NUMBERS, TIMES = 13, 16


@dataclass(frozen=True, slots=True)
class Version:
    """How a version hides its data.

    Attributes:
        keys: makes keys from a seed.
        letter: bytes of a letter.
        file: seed for "FILE".
        kind: what the letters of the kind are changed by, and part of its seed.
        path: the same of the path.
        size: what the sizes are changed by.
        checksum: what the checksum is changed by.
        content: seed of the content, or part of it.
        summed: the password's bytes are the rest of it.
    """

    keys: Callable[[int], Iterator[bytes]]
    letter: int
    file: int
    kind: tuple[int, int]
    path: tuple[int, int]
    size: int
    checksum: int
    content: int
    summed: bool


VERSIONS = {
    b"EA05": Version(
        autoit_keys.mersenne,
        letter=1,
        file=0x16FA,
        kind=(0x29BC, 0xA25E),
        path=(0x29AC, 0xF25E),
        size=0x45AA,
        checksum=0xC3D2,
        content=0x22AF,
        summed=True,
    ),
    b"EA06": Version(
        autoit_keys.lagged,
        letter=2,
        file=0x18EE,
        kind=(0xADBC, 0xB33F),
        path=(0xF820, 0xF479),
        size=0x87BC,
        checksum=0xA685,
        content=0x2477,
        summed=False,
    ),
}


def unpack(data: Reader) -> Iterator[Item]:
    """Yield the script and each file that is stored with it.

    Args:
        data: from the magic on.

    Raises:
        Malformed: a record is damaged. What came before has been yielded.
        Truncated: the records end too early.
    """
    front = data.at(0, FRONT + PASSWORD)
    if len(front) < FRONT + PASSWORD:
        raise Truncated(NAME, data.size, "front")
    version = VERSIONS.get(front[VERSION])
    if version is None:
        yield Gap(Reason.UNSUPPORTED)
        return
    seed = version.content + sum(front[FRONT:]) * version.summed
    cursor = Cursor(data, FRONT + PASSWORD)
    while True:
        start = cursor.offset
        mark = cursor.take(len(FILE))
        if uncovered(mark, version.keys(version.file)) != FILE:
            break
        yield from _record(cursor, version, seed)
    if mark != MARK:
        raise Malformed(NAME, start, "record")


def _record(cursor: Cursor, version: Version, seed: int) -> Iterator[Item]:
    """Yield the content of a record."""
    kind = _word(cursor, version, version.kind)
    path = _word(cursor, version, version.path)
    numbers = cursor.take(NUMBERS)
    size = int.from_bytes(numbers[1:5], "little") ^ version.size
    checksum = int.from_bytes(numbers[9:], "little") ^ version.checksum
    cursor.skip(TIMES)
    start = cursor.offset
    name = kind if kind.startswith(SPECIAL) else path
    if size > MOST_CONTENT:
        yield Gap(Reason.MEMORY_LIMIT, name)
        if cursor.skip(size) == size:
            return
        raise Truncated(NAME, start, "content")
    covered = cursor.take(size)
    content = uncovered(covered, version.keys(seed))
    if content:
        yield _content(content, kind, name, packed=numbers[:1] == b"\1")
    if len(covered) < size or len(numbers) < NUMBERS:
        raise Truncated(NAME, start + len(covered), "content")
    if zlib.adler32(content) != checksum:
        raise Malformed(NAME, start, "checksum")


def _content(content: bytes, kind: bytes, name: bytes, *, packed: bool) -> Item:
    size = len(content)
    if not packed:
        return Part(Reader.of(content), name, size)
    if content[:4] not in autoit_packed.MAGICS:
        return Gap(Reason.UNSUPPORTED, name)
    plain = autoit_packed.unpacked(Reader.of(content), NAME)
    if kind == TOKENS:
        plain = autoit_script.text(Stream(plain), NAME)
    return Part(Stream(plain), name, size)


def _word(cursor: Cursor, version: Version, change: tuple[int, int]) -> bytes:
    number, seed = change
    start = cursor.offset
    length = int.from_bytes(cursor.take(4), "little") ^ number
    if length > LONGEST:
        raise Malformed(NAME, start, "letters of a name")
    covered = cursor.take(length * version.letter)
    word = uncovered(covered, version.keys(seed + length))
    if version.letter == 1:
        return word
    return word.decode("utf-16-le", "replace").encode(errors="replace")
