"""Unpack file systems of Windows: the files of NTFS.

Layout of the first sector, numbers little-endian (libfsntfs documentation): at 11 bytes
of a sector (2), at 13 sectors of a cluster (1; above 128: 2 to the power of what is
missing to 256), at 48 cluster of the master file table (8), at 64 clusters of a record
(1; above 128: bytes as a power of two, as before). The table's first record says where
all of it lies; `formats/ntfs` draws a record.

Each file that is in use is a part, and so are its further streams. What Windows packs
in a stream named WofCompressedData, and what it encrypts, is a gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.disks.mapped import HOLE, Run
from clearward.formats.disks.mapped import runs as mapped
from clearward.formats.lz import lznt1
from clearward.formats.ntfs.record import (
    COMPRESSED,
    DATA,
    ENCRYPTED,
    NAME,
    REFERENCE,
    Attribute,
    Record,
    number,
    record,
)

TITLE = "ntfs"
MAGIC = b"NTFS    "
POWERS = 128
FIELDS = 80  # bytes that the layout describes
SECTORS = (256, 512, 1024, 2048, 4096)
MOST_CLUSTER = 2 * MIB
RECORDS = range(256, 65537)
ROOT = 5
DOS_NAME = 2
PACKED_BY_WINDOWS = b"WofCompressedData"
MOST_DEEP = 64
OWN = {0, 1, 2, 4, 6, 7, 10}  # records of the file system itself
BAD_CLUSTERS = 8
MOST_HELD = 1_000_000  # names of folders, and pieces of files in several records


@dataclass(slots=True)
class _Volume:
    """What is known of a volume.

    Attributes:
        folders: the record above each folder, and its name.
        more: attributes that stand in other records than their file's first.
        truncated: something lies behind the end.
    """

    image: Reader
    cluster: int
    table: Reader
    size: int
    folders: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    more: dict[int, list[Attribute]] = field(default_factory=dict)
    truncated: bool = False

    def records(self) -> Iterator[tuple[int, Record]]:
        """Yield the records that are in use, with their numbers."""
        at_once = max(MIB // self.size, 1)
        for first in range(0, self.table.size // self.size, at_once):
            data = self.table.at(first * self.size, at_once * self.size)
            for at in range(0, len(data), self.size):
                found = record(data[at : at + self.size])
                if found is not None:
                    yield first + at // self.size, found

    def content(self, pieces: list[Attribute]) -> Reader | Stream:
        """Return the content of an attribute that lies in pieces."""
        first = pieces[0]
        if first.content is not None:
            return Reader.of(first.content)
        found = [
            Run(HOLE if place is None else place * self.cluster, count * self.cluster)
            for piece in pieces
            for place, count in piece.runs
            if count > 0 and (place is None or place >= 0)
        ]
        ends = [run.place + run.size for run in found if run.place != HOLE]
        self.truncated |= max(ends, default=0) > self.image.size
        if first.flags & COMPRESSED and first.unit:
            return Stream(self._unpacked(found, first))
        return mapped(self.image, found, first.size)

    def _unpacked(self, found: list[Run], first: Attribute) -> Iterator[bytes]:
        """Yield a compressed content, unit by unit; one that has a hole is packed.

        Raises:
            Malformed: a unit is damaged.
        """
        unit = first.unit * self.cluster
        left = first.size
        whole = mapped(self.image, found, sum(run.size for run in found))
        holes = _Holes(found)
        for start in range(0, whole.size, unit):
            size = min(unit, left)
            if size <= 0:
                return
            there = holes.data(start, unit)
            data = whole.at(start, min(there, unit))
            if 0 < there < unit:
                data = lznt1.unpacked(data, TITLE, size)
            yield data[:size].ljust(size, b"\0")
            left -= size


class _Holes:
    """Where runs have data, asked from front to back."""

    __slots__ = ("_at", "_place", "_runs")

    def __init__(self, found: list[Run]) -> None:
        self._runs = found
        self._at = 0
        self._place = 0  # where the run begins

    def data(self, start: int, size: int) -> int:
        """Return how many of `size` bytes from `start` on are no hole."""
        end, count = start + size, 0
        while self._at < len(self._runs) and self._place < end:
            run = self._runs[self._at]
            behind = self._place + run.size
            if run.place != HOLE:
                count += max(min(behind, end) - max(self._place, start), 0)
            if behind > end:
                break
            self._place, self._at = behind, self._at + 1
        return count


def unpack(image: Reader) -> Iterator[Item]:
    """Yield the content of each file, and of each named stream.

    Raises:
        Malformed: the first sector or the table is wrong.
        Truncated: something lies behind the end. What there is was yielded.
    """
    head = image.at(0, 512)
    if head[3:11] != MAGIC:
        yield Gap(Reason.UNSUPPORTED)
        return
    if len(head) < FIELDS:
        raise Truncated(TITLE, len(head), "first sector")
    volume = _volume(image, head)
    _survey(volume)
    for where, found in volume.records():
        if not found.base:
            yield from _file(volume, where, found)
    if volume.truncated:
        raise Truncated(TITLE, image.size, "clusters")


def _power(value: int, unit: int) -> int:
    """Bytes that a field says: a number of units, or a power of two."""
    return value * unit if value <= POWERS else 1 << min(256 - value, 32)


def _volume(image: Reader, head: bytes) -> _Volume:
    sector = number(head, 11, 2)
    sectors = head[13] if head[13] <= POWERS else 1 << min(256 - head[13], 32)
    cluster = sector * sectors
    size = _power(head[64], cluster)
    if sector not in SECTORS or not 0 < cluster <= MOST_CLUSTER or size not in RECORDS:
        raise Malformed(TITLE, 11, "size of a cluster or a record")
    place = number(head, 48, 8) * cluster
    first = record(image.at(place, size))
    volume = _Volume(image, cluster, Reader.of(b""), size)
    pieces = [] if first is None else _named(first.attributes, b"")
    if not pieces:
        fault = Truncated if place + size > image.size else Malformed
        raise fault(TITLE, min(place, image.size), "master file table")
    table = volume.content(pieces)
    if isinstance(table, Reader):
        volume.table = table
    return volume


def _survey(volume: _Volume) -> None:
    """Note folders, and attributes that stand apart from their file's record."""
    held = 0
    for where, found in volume.records():
        if held >= MOST_HELD:
            return
        if found.base:
            volume.more.setdefault(found.base, []).extend(found.attributes)
            held += len(found.attributes)
        elif found.is_folder:
            volume.folders[where] = _title(found.attributes)
            held += 1


def _title(attributes: tuple[Attribute, ...]) -> tuple[int, bytes]:
    """The record of the folder that a file is in, and its name there."""
    best = (ROOT, b"")
    for each in attributes:
        content = each.content
        if each.type == NAME and content is not None and len(content) > 66:  # noqa: PLR2004 - its fixed part
            text = content[66 : 66 + 2 * content[64]]
            name = text.decode("utf-16-le", "replace").encode()
            above = number(content, 0, 8) & REFERENCE
            if not best[1] or content[65] != DOS_NAME:
                best = (above, name)
    return best


def _way(volume: _Volume, above: int, name: bytes) -> bytes:
    known = {ROOT}
    while above in volume.folders and above not in known and len(known) < MOST_DEEP:
        known.add(above)
        above, folder = volume.folders[above]
        name = folder + b"/" + name
    return name


def _named(attributes: tuple[Attribute, ...], name: bytes) -> list[Attribute]:
    """The pieces of one stream of content, in order."""
    pieces = [each for each in attributes if each.type == DATA and each.name == name]
    return sorted(pieces, key=lambda each: each.first)


def _file(volume: _Volume, where: int, found: Record) -> Iterator[Item]:
    attributes = (*found.attributes, *volume.more.get(where, ()))
    name = _way(volume, *_title(attributes))
    streams = dict.fromkeys(each.name for each in attributes if each.type == DATA)
    for stream in streams:
        pieces = _named(attributes, stream)
        title = name + b":" + stream if stream else name
        if pieces[0].flags & ENCRYPTED:
            yield Gap(Reason.ENCRYPTED, title)
        elif stream == PACKED_BY_WINDOWS:
            yield Gap(Reason.UNSUPPORTED, title)
        elif pieces[0].size and not _is_own(where, stream):
            yield Part(volume.content(pieces), title)


def _is_own(where: int, stream: bytes) -> bool:
    """Say whether a stream is of the file system itself: the table, its marks."""
    return where in OWN or (where == BAD_CLUSTERS and stream != b"")
