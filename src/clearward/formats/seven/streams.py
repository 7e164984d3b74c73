"""Read how a 7z archive describes streams.

Layout (7zFormat.txt in the LZMA SDK); each structure begins with a byte that names it
and ends with a zero byte:

    streams             packed 06, unpacked 07, substreams 08
    packed          06  offset, number; sizes 09, digests 0A
    unpacked        07  folders 0B, sizes of every output 0C, digests 0A
    substreams      08  numbers by folder 0D, sizes but each folder's last 09,
                        digests 0A

Every list is as long as the bytes of the header allow, at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.seven.fields import NAME, Fields
from clearward.formats.seven.folder import Folder, read_folder

END = 0
PACKED, UNPACKED, SUBSTREAMS, SIZE, DIGESTS, FOLDER, OUTPUT_SIZES = range(6, 13)
SUBSTREAM_COUNTS = 0x0D


@dataclass(frozen=True, slots=True)
class Member:
    """A part of what a folder holds.

    Attributes:
        size: in bytes.
        crc: CRC-32 of it, None if not stored.
    """

    size: int
    crc: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """A folder with what it needs and holds.

    Attributes:
        folder: the coders.
        sizes: bytes of every coder's output.
        place: offset of its first packed stream behind the start header.
        packed: bytes of its packed streams, which follow each other.
        members: what it holds, in order; the whole, if it belongs to no file.
    """

    folder: Folder
    sizes: tuple[int, ...]
    place: int
    packed: tuple[int, ...]
    members: tuple[Member, ...]


def read_streams(fields: Fields) -> tuple[Content, ...]:
    """Read the description of streams, behind the byte that names it.

    Raises:
        Malformed: it contradicts itself.
    """
    packed = _Packed(0, ())
    unpacked = _Unpacked((), (), ())
    members: list[tuple[Member, ...]] | None = None
    before = END
    while kind := fields.byte():
        if kind <= before:
            raise fields.wrong("order of the properties of streams")
        before = kind
        if kind == PACKED:
            packed = _read_packed(fields)
        elif kind == UNPACKED:
            unpacked = _read_unpacked(fields)
        elif kind == SUBSTREAMS:
            members = _read_substreams(fields, unpacked)
        else:
            raise fields.wrong("property of streams")
    if members is None:
        members = [
            (Member(sizes[folder.last], crc),) for folder, sizes, crc in unpacked.each()
        ]
    return tuple(_contents(fields, packed, unpacked, members))


@dataclass(frozen=True, slots=True)
class _Packed:
    """Where the packed streams begin behind the start header, and their sizes."""

    place: int
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Unpacked:
    """Folders, with the sizes of each one's outputs, and each one's CRC."""

    folders: tuple[Folder, ...]
    sizes: tuple[tuple[int, ...], ...]
    digests: tuple[int | None, ...]

    def each(self) -> "zip[tuple[Folder, tuple[int, ...], int | None]]":
        return zip(self.folders, self.sizes, self.digests, strict=True)


def _read_packed(fields: Fields) -> _Packed:
    place = fields.number()
    count = fields.count("packed streams")
    sizes: tuple[int, ...] = ()
    while kind := fields.byte():
        if kind == SIZE:
            sizes = tuple(fields.number() for _ in range(count))
        elif kind == DIGESTS:
            fields.digests(count)
        else:
            fields.skip_attribute()
    if len(sizes) != count:
        raise fields.wrong("sizes of packed streams")
    return _Packed(place, sizes)


def _read_unpacked(fields: Fields) -> _Unpacked:
    folders: tuple[Folder, ...] = ()
    sizes: tuple[tuple[int, ...], ...] = ()
    digests: tuple[int | None, ...] = ()
    while kind := fields.byte():
        if kind == FOLDER:
            if sizes or digests:
                raise fields.wrong("order of the properties of folders")
            count = fields.count("folders", least=2)
            if fields.byte():
                field = "folders in another stream"
                raise Undecoded(NAME, fields.origin, field, Reason.UNSUPPORTED)
            folders = tuple(read_folder(fields) for _ in range(count))
        elif kind == OUTPUT_SIZES:
            sizes = tuple(
                tuple(fields.number() for _ in folder.coders) for folder in folders
            )
        elif kind == DIGESTS:
            digests = tuple(fields.digests(len(folders)))
        else:
            fields.skip_attribute()
    if len(sizes) != len(folders):
        raise fields.wrong("sizes of folders")
    return _Unpacked(folders, sizes, digests or (None,) * len(folders))


def _read_substreams(fields: Fields, unpacked: _Unpacked) -> list[tuple[Member, ...]]:
    counts = [1] * len(unpacked.folders)
    sizes: list[list[int]] | None = None
    digests: list[int | None] = []
    while kind := fields.byte():
        if kind == SUBSTREAM_COUNTS:
            counts = [fields.number() for _ in counts]
        elif kind == SIZE:
            sizes = _read_sizes(fields, counts, unpacked)
        elif kind == DIGESTS:
            sizes = _sizes(fields, sizes, counts, unpacked)
            digests = fields.digests(_unknown(sizes, unpacked))
        else:
            fields.skip_attribute()
    sizes = _sizes(fields, sizes, counts, unpacked)
    return list(_members(sizes, digests, unpacked))


def _sizes(
    fields: Fields,
    sizes: list[list[int]] | None,
    counts: list[int],
    unpacked: _Unpacked,
) -> list[list[int]]:
    """The sizes that were read, or those that need not be stored."""
    if sizes is not None:
        return sizes
    if any(count > 1 for count in counts):
        raise fields.wrong("sizes of substreams")
    return _read_sizes(fields, counts, unpacked)


def _read_sizes(
    fields: Fields, counts: list[int], unpacked: _Unpacked
) -> list[list[int]]:
    """Sizes by folder; the last of each folder is what the others leave."""
    if sum(counts) > len(counts) + fields.left:
        raise fields.wrong("number of substreams")
    found = []
    for count, (folder, outputs, _) in zip(counts, unpacked.each(), strict=True):
        sizes = [fields.number() for _ in range(count - 1)]
        rest = outputs[folder.last] - sum(sizes)
        if rest < 0:
            raise fields.wrong("sizes of substreams")
        found.append([*sizes, rest] if count else [])
    return found


def _unknown(sizes: list[list[int]], unpacked: _Unpacked) -> int:
    """How many substreams have no CRC yet: all but whole folders that have one."""
    return sum(
        0 if len(each) == 1 and whole is not None else len(each)
        for each, whole in zip(sizes, unpacked.digests, strict=True)
    )


def _members(
    sizes: list[list[int]], digests: list[int | None], unpacked: _Unpacked
) -> Iterator[tuple[Member, ...]]:
    more = chain(digests, repeat(None))
    for each, whole in zip(sizes, unpacked.digests, strict=True):
        if len(each) == 1 and whole is not None:
            yield (Member(each[0], whole),)
        else:
            yield tuple(Member(size, next(more)) for size in each)


def _contents(
    fields: Fields,
    packed: _Packed,
    unpacked: _Unpacked,
    members: list[tuple[Member, ...]],
) -> Iterator[Content]:
    place, first = packed.place, 0
    for (folder, outputs, _), held in zip(unpacked.each(), members, strict=True):
        behind = first + len(folder.packed)
        sizes = packed.sizes[first:behind]
        if len(sizes) < len(folder.packed):
            raise fields.wrong("number of packed streams")
        yield Content(folder, outputs, place, sizes, held)
        place, first = place + sum(sizes), behind
