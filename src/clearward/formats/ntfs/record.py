"""Read a record of the master file table: its attributes.

Layout, numbers little-endian (Linux documentation, filesystems/ntfs3; libfsntfs
documentation, "New Technologies File System"):

    record      "FILE"; at 4 place and number of fix-ups (2, 2): the first is what the
                last two bytes of each 512 must be, the others are what they were; at
                20 place of the first attribute (2); at 22 flags (2): 1 in use, 2
                folder; at 32 the record that this one belongs to (6), 0 for none
    attribute   type (4; all bits set: the end), length (4); at 8: 1 if its content lies
                elsewhere; length and place of its name (1, 2), in UTF-16; flags (2): 1
                compressed, 4000 encrypted, 8000 with holes
                in the record: at 16 size (4) and place (2) of the content
                elsewhere: at 16 the first cluster of this piece (8), at 32 place of the
                runs (2), clusters of a unit of compression as a power of two (2), at 48
                size of the content (8)
    runs        a byte: low half the bytes of a number of clusters, high half those of a
                place, signed, from the last one's on; none at all: a hole. 0 ends them
"""

from collections.abc import Iterator
from dataclasses import dataclass

SECTOR = 512
MAGIC = b"FILE"
IN_USE, FOLDER = 1, 2
NAME, DATA, REPARSE, LIST = 0x30, 0x80, 0xC0, 0x20
COMPRESSED, ENCRYPTED = 1, 0x4000
END = 0xFFFFFFFF
LEAST_ATTRIBUTE = 24
REFERENCE = (1 << 48) - 1


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute, or a piece of one.

    Attributes:
        type: such as `DATA`.
        name: in UTF-8; empty for the content that programs open.
        flags: compressed or encrypted.
        content: what stands in the record; None if it lies elsewhere.
        first: the first cluster of this piece, counted in the content.
        runs: where the clusters lie: place, None for a hole; and how many.
        size: bytes of the content.
        unit: clusters that are compressed together.
    """

    type: int
    name: bytes
    flags: int
    content: bytes | None
    first: int = 0
    runs: tuple[tuple[int | None, int], ...] = ()
    size: int = 0
    unit: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """One record: whose it is, whether it is a folder, and its attributes."""

    base: int
    is_folder: bool
    attributes: tuple[Attribute, ...]


def number(data: bytes, place: int, size: int) -> int:
    """Return a number, 0 behind the end."""
    return int.from_bytes(data[place : place + size], "little")


def record(data: bytes) -> Record | None:
    """Return a record that is in use; None for any other, and for what is none."""
    if data[:4] != MAGIC or not number(data, 22, 2) & IN_USE:
        return None
    fixed = bytearray(data)
    place, count = number(data, 4, 2), number(data, 6, 2)
    for at in range(1, min(count, len(data) // SECTOR + 1)):
        end = at * SECTOR
        fixed[end - 2 : end] = data[place + 2 * at : place + 2 * at + 2].ljust(2, b"\0")
    whole = bytes(fixed[: len(data)])
    base = number(whole, 32, 6)
    is_folder = bool(number(whole, 22, 2) & FOLDER)
    return Record(base, is_folder, tuple(_attributes(whole)))


def _attributes(data: bytes) -> Iterator[Attribute]:
    place = number(data, 20, 2)
    while place + LEAST_ATTRIBUTE <= len(data):
        kind, length = number(data, place, 4), number(data, place + 4, 4)
        if kind == END or length < LEAST_ATTRIBUTE:
            return
        yield _attribute(kind, data[place : place + length])
        place += length


def _attribute(kind: int, data: bytes) -> Attribute:
    start = number(data, 10, 2)
    name = data[start : start + 2 * data[9]].decode("utf-16-le", "replace").encode()
    flags = number(data, 12, 2)
    if not data[8]:
        place, size = number(data, 20, 2), number(data, 16, 4)
        content = data[place : place + size]
        return Attribute(kind, name, flags, content, size=len(content))
    found = tuple(runs(data[number(data, 32, 2) :]))
    unit = number(data, 34, 2)
    unit = 1 << unit if 0 < unit <= 8 else 0  # noqa: PLR2004 - sixteen is common
    first, size = number(data, 16, 8), number(data, 48, 8)
    return Attribute(kind, name, flags, None, first, found, size, unit)


def runs(data: bytes) -> Iterator[tuple[int | None, int]]:
    """Yield place and number of clusters of each run; no place for a hole."""
    at = place = 0
    while at < len(data) and (head := data[at]):
        low, high = head & 15, head >> 4
        count = number(data, at + 1, low)
        start = at + 1 + low
        at = start + high
        if high:
            place += int.from_bytes(data[start:at], "little", signed=True)
            yield place, count
        else:
            yield None, count
