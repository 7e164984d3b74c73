"""Unpack disks of LVM: the volumes on them, as disks of their own.

Layout, numbers little-endian, places in bytes (LVM2 sources, format_text/layout.h):

    512     "LABELONE", number of the sector (8), sum (4), place of the header behind
            512 (4), "LVM2 001"
    header  identity of the disk (32), size (8), then pairs of place and size (8 each):
            where volumes lie, a pair of zeros, where descriptions lie, a pair of zeros
    area    sum (4), " LVM2 x[5A%r0N*>", version (4), place and size of the area (8
            each), then place within it, size (8 each), sum and flags (4 each) of the
            description, which goes on behind the head (512) at the end of the area

The description is text (`formats/disks/sections.py`): a section for the group, with
bytes of an extent in sectors; in it `physical_volumes`, with identity and first sector,
and `logical_volumes`, with segments: first extent and number of extents, and a type.
`striped` with one stripe is a run on a disk. Others are not read; their pieces are
volumes themselves.
"""

from collections.abc import Iterator
from itertools import islice

from clearward.core.errors import Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks.mapped import HOLE, Run
from clearward.formats.disks.mapped import runs as mapped
from clearward.formats.disks.sections import Section, sections

NAME = "lvm"
LABEL = 512
IDENTITY = 32
SECTOR = 512
AREA_HEAD = 512
AREA_MAGIC = b" LVM2 x[5A%r0N*>"
MOST_AREAS = 16
MOST_TEXT = 4 * MIB


def unpack(image: Reader) -> Iterator[Item]:
    """Yield each volume that lies on this disk.

    Raises:
        Truncated: something lies behind the end; what there is was yielded.
    """
    place = LABEL + _number(image.at(LABEL + 20, 4), 0, 4)
    identity = image.at(place, IDENTITY)
    group = _group(image, place + IDENTITY + 8)
    if group is None:
        yield Gap(Reason.UNSUPPORTED)
        return
    extent = group.number(b"extent_size") * SECTOR
    disks = {
        name: disk.number(b"pe_start") * SECTOR
        for name, disk in group.section(b"physical_volumes").inside.items()
        if disk.text(b"id").replace(b"-", b"") == identity
    }
    end = 0
    for name, volume in group.section(b"logical_volumes").inside.items():
        try:
            runs = list(_runs(volume, disks, extent))
        except LookupError:
            yield Gap(Reason.UNSUPPORTED, name)
            continue
        end = max([end, *(run.place + run.size for run in runs)])
        yield Part(mapped(image, runs, sum(run.size for run in runs)), name)
    if end > image.size:
        raise Truncated(NAME, image.size, "volume")


def _number(data: bytes, place: int, size: int = 8) -> int:
    return int.from_bytes(data[place : place + size], "little")


def _pairs(image: Reader, place: int) -> Iterator[tuple[int, int]]:
    """Yield pairs up to one of zeros, and that."""
    while data := image.at(place, 16):
        pair = _number(data, 0), _number(data, 8)
        yield pair
        place += 16


def _group(image: Reader, place: int) -> Section | None:
    """Return what the first description says that can be read."""
    pairs = islice(_pairs(image, place), MOST_AREAS)
    for start, _ in pairs:  # the volumes' own; the size of the last is often 0
        if not start:
            break
    for start, size in pairs:
        text = _text(image, start, size)
        try:
            group = next(iter(sections(text).inside.values()), None)
        except ValueError:
            continue
        if group is not None:
            return group
    return None


def _text(image: Reader, start: int, size: int) -> bytes:
    head = image.at(start, AREA_HEAD)
    if head[4 : 4 + len(AREA_MAGIC)] != AREA_MAGIC:
        return b""
    place, length = _number(head, 40), _number(head, 48)
    if length > MOST_TEXT or not AREA_HEAD <= place < size:
        return b""
    text = image.at(start + place, min(length, size - place))
    text += image.at(start + AREA_HEAD, length - len(text))
    return text.rstrip(b"\0")


def _runs(volume: Section, disks: dict[bytes, int], extent: int) -> Iterator[Run]:
    """Yield the runs of a volume, in order.

    Raises:
        LookupError: a piece lies elsewhere, is of another type, or has no size.
    """
    segments = sorted(
        (
            (each.number(b"start_extent"), each)
            for name, each in volume.inside.items()
            if name.startswith(b"segment")
        ),
        key=lambda pair: pair[0],
    )
    end = 0
    for first, segment in segments:
        match segment.fields.get(b"stripes"):
            case [bytes(disk), int(start)] if segment.text(b"type") == b"striped":
                place = disks[disk] + start * extent
            case _:
                raise LookupError
        if first > end:
            yield Run(HOLE, (first - end) * extent)
        count = segment.number(b"extent_count")
        if not count or not extent:
            raise LookupError
        yield Run(place, count * extent)
        end = first + count
    if not segments:
        raise LookupError
