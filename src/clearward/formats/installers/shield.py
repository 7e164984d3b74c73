"""Unpack cabinets of InstallShield 5 and later, one of them or a whole set.

Front of each cabinet and of the header, numbers little-endian:

    offset  length  field
    0       4       "ISc("
    4       4       version: of the kind 01 00 v0 .. the upper half of its third byte,
                    of others the lower two bytes, a hundred each
    12      4       place of the description
    16      4       length of it, 0 if another file of the set has it
    20              in a cabinet: place of its data (4), and its first and last file,
                    which may go on in another one: see `_Volume`

Description: at 12 the place of the table, at 28 the number of folders, at 40 of files,
at 44 where in the table the entries are. The table begins with the places of the names
of folders; up to version 5 places of the entries of files follow.

A packed file is a row of blocks: length (2), deflate; in older ones it is one stream.
A covered one has its bytes changed by their place.

Source: unshield (MIT), lib/cabfile.h and lib/file.c, which describe the format.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import CHUNK, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.installers import shield_old
from clearward.formats.installers.again import Again

NAME = "installshield"
MAGIC = b"ISc("
FRONT = Struct("<4sI4xII")
OLD_VOLUME = Struct("<8xIIIIIIII")
NEW_VOLUME = Struct("<12xIIQQQQQQ")
DESCRIPTION = Struct("<12xI12xI8xII")
OLD_ENTRY = Struct("<IIHII20xI")
NEW_ENTRY = Struct("<HQQQ32xIH12xIIBH")
OLD, WIDE = 5, 17  # last version of the old entries, first one with names in UTF-16
SPLIT, COVERED, PACKED, INVALID = 1, 2, 4, 8
LINKED = 1
LONGEST_NAME = 512
TURNED = bytes(
    ((value ^ 0xD5) >> 2 | (value ^ 0xD5) << 6) & 0xFF for value in range(256)
)
PERIOD = 0x47
MOST_VOLUMES = 1024
LARGEST = 4 * CHUNK  # of what a block holds


@dataclass(frozen=True, slots=True)
class _File:
    """An entry of the description."""

    name: bytes
    flags: int
    size: int
    packed: int
    start: int
    volume: int
    linked: bool = False


@dataclass(frozen=True, slots=True)
class _Volume:
    """The first and the last file of a cabinet: number, place and packed size here."""

    first: int
    last: int
    first_start: int
    first_packed: int
    last_start: int
    last_packed: int


def is_header(data: Reader) -> bool:
    """Say whether these are a header, or a cabinet, with a description of files."""
    front = data.at(0, FRONT.size)
    return len(front) == FRONT.size and front[:4] == MAGIC and any(front[16:])


def unpack(data: Reader) -> Iterator[Item]:
    """Yield the files of one cabinet that is alone, or of an archive of version 3.

    Raises:
        Malformed: the description is damaged.
        Truncated: the cabinet is one of a set, or ends too early.
    """
    front = data.at(0, FRONT.size)
    if len(front) < FRONT.size:
        raise Truncated(NAME, data.size, "front")
    if front[:4] == shield_old.MAGIC:
        yield from shield_old.unpack(data)
    elif front[:4] != MAGIC:
        yield Gap(Reason.UNSUPPORTED)
    elif is_header(data) and not _is_apart(data):
        yield from files(data, {1: data})
    else:
        yield Gap(Reason.TRUNCATED)


def _is_apart(header: Reader) -> bool:
    """Say whether files are described that are not behind their description."""
    first = int.from_bytes(header.at(FRONT.size, 4), "little")
    starts = (file.start for file in _entries(header, _version(header)) if file.start)
    return next(starts, first) < first or not first


def files(header: Reader, volumes: Mapping[int, Reader]) -> Iterator[Item]:
    """Yield the content of each file of a set.

    Args:
        header: where the description is.
        volumes: the cabinets that are at hand, by number.

    Raises:
        Malformed: the description is damaged. What came before has been yielded.
        Truncated: it is cut short.
    """
    version = _version(header)
    known = {
        number: _volume(volume, version)
        for number, volume in volumes.items()
        if number < MOST_VOLUMES
    }
    again = Again(sum(volume.size for volume in volumes.values()))
    for number, file in enumerate(_entries(header, version)):
        if file.flags & INVALID or file.linked or not file.start or not file.size:
            continue
        pieces, whole = _pieces(file, number, volumes, known)
        if not again.more(sum(piece.size for piece in pieces)):
            yield Gap(Reason.PARTS_LIMIT)
            return
        if pieces:
            yield Part(Stream(_content(pieces, file)), file.name, file.packed)
        if not whole:
            yield Gap(Reason.TRUNCATED, file.name)


def _version(header: Reader) -> int:
    version = int.from_bytes(header.at(4, 4), "little")
    return version >> 12 & 15 if version >> 24 == 1 else (version & 0xFFFF) // 100


def _volume(volume: Reader, version: int) -> _Volume | None:
    layout = OLD_VOLUME if version <= OLD else NEW_VOLUME
    data = volume.at(FRONT.size, layout.size)
    if len(data) < layout.size:
        return None
    first, last, start, _, packed, last_start, _, last_packed = layout.unpack(data)
    return _Volume(first, last, start, packed, last_start, last_packed)


def _entries(header: Reader, version: int) -> Iterator[_File]:
    _, _, place, _ = FRONT.unpack(header.at(0, FRONT.size))
    fields = header.at(place, DESCRIPTION.size)
    if len(fields) < DESCRIPTION.size:
        raise Truncated(NAME, header.size, "description")
    offset, folders, count, second = DESCRIPTION.unpack(fields)
    table = place + offset
    layout = OLD_ENTRY if version <= OLD else NEW_ENTRY
    for number in range(count):
        at = table + second + number * layout.size
        if version <= OLD:
            at = table + _number(header, table + 4 * (folders + number))
        entry = header.at(at, layout.size)
        if len(entry) < layout.size:
            raise Truncated(NAME, header.size, "entry")
        if version <= OLD:
            name, _, flags, size, packed, start = layout.unpack(entry)
            volume, linked = 0, False
        else:
            flags, size, packed, start, name, _, _, _, link, volume = layout.unpack(
                entry
            )
            linked = bool(link & LINKED)
        text = _name(header, table + name, version)
        yield _File(text, flags, size, packed, start, volume, linked)


def _number(header: Reader, place: int) -> int:
    data = header.at(place, 4)
    if len(data) < 4:  # noqa: PLR2004
        raise Truncated(NAME, header.size, "table")
    return int.from_bytes(data, "little")


def _name(header: Reader, place: int, version: int) -> bytes:
    raw = header.at(place, LONGEST_NAME)
    if version < WIDE:
        return raw.partition(b"\0")[0]
    text = raw[: len(raw) & ~1].decode("utf-16-le", "replace")
    return text.partition("\0")[0].encode()


def _pieces(
    file: _File,
    number: int,
    volumes: Mapping[int, Reader],
    known: Mapping[int, _Volume | None],
) -> tuple[list[Reader], bool]:
    """Return where the content of a file lies, and whether that is all of it."""
    left = file.packed if file.flags & PACKED else file.size
    pieces: list[Reader] = []
    chosen = file.volume or _holder(number, known)
    start = file.start
    while left > 0 and (volume := volumes.get(chosen)) is not None:
        fields = known.get(chosen)
        size = left
        if fields is not None and pieces and number == fields.first:
            start, size = fields.first_start, min(left, fields.first_packed)
        elif (
            fields is not None and number == fields.last and start == fields.last_start
        ):
            size = min(left, fields.last_packed)
        if start == volume.size and not pieces:
            return [], True  # it lies beside the cabinet
        there = max(min(size, volume.size - start), 0)
        if not there:
            break
        pieces.append(volume.slice(start, there))
        left -= there
        chosen += 1
        start = 0
    return pieces, not left


def _holder(number: int, known: Mapping[int, _Volume | None]) -> int:
    """Return which cabinet of an old set holds the start of a file."""
    for volume, fields in sorted(known.items()):
        if fields is not None and number <= fields.last:
            return volume
    return 1


def _content(pieces: list[Reader], file: _File) -> Iterator[bytes]:
    chunks: Iterator[bytes] = chain.from_iterable(piece.chunks() for piece in pieces)
    if file.flags & COVERED:
        chunks = _uncovered(chunks)
    if not file.flags & PACKED:
        yield from chunks
        return
    source = Stream(chunks)
    length = source.take(2)
    first = source.take(int.from_bytes(length, "little"))
    plain, whole = _inflated(first)
    if not whole:
        yield from _one_stream(Stream(chain([length, first], source.rest())))
        return
    yield plain
    while length := source.take(2):
        block = source.take(int.from_bytes(length, "little"))
        plain, whole = _inflated(block)
        yield plain
        if not whole:
            raise Malformed(NAME, pieces[0].size, "block")


def _inflated(block: bytes) -> tuple[bytes, bool]:
    """Return what a block holds, and whether it is right and ends."""
    inner = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        # The last byte of a block may be left out.
        plain = inner.decompress(block + b"\0", LARGEST)
    except zlib.error:
        return b"", False
    return plain, inner.eof


def _one_stream(source: Stream) -> Iterator[bytes]:
    inner = zlib.decompressobj(-zlib.MAX_WBITS)
    for chunk in source.rest():
        data = chunk
        while data and not inner.eof:
            try:
                yield inner.decompress(data, CHUNK)
            except zlib.error as error:
                raise Malformed(NAME, 0, "stream") from error
            data = inner.unconsumed_tail


def _uncovered(chunks: Iterator[bytes]) -> Iterator[bytes]:
    place = 0
    for chunk in chunks:
        turned = chunk.translate(TURNED)
        plain = bytes(
            (value - (place + at) % PERIOD) & 0xFF for at, value in enumerate(turned)
        )
        place += len(chunk)
        yield plain
