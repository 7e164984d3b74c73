"""Read the folders and files of a UDF volume.

Layout, numbers little-endian (ECMA-167, part 4); tags as in `volume`:

    261, 266  entry: at 20 strategy (2), at 27 type (4 folder, 5 file), at 34 flags,
              whose low three bits say how extents are written; at 56 bytes of the
              content (8); at 168, in 266 at 208, lengths of extended attributes and of
              extents, then these; in 266 at 152 where a folder of named streams is
    extents   0 short: length, block; 1 long: length, block, partition (2), other (6);
              3: the content itself. High bits of a length: 1 and 2 are zeros, 3 is
              where more extents stand, behind 24 bytes of a descriptor (258)
    257       in a folder: at 18 flags (2 folder, 4 deleted, 8 parent), length of the
              name (1), where the entry is (long, at 20), at 36 length of what stands
              between (2); a name begins with 8 or 16, the bits of a character
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import CHUNK, Reader, Stream
from clearward.formats.udf.volume import (
    LENGTH,
    NAME,
    Extent,
    Space,
    Volume,
    identifier,
    number,
    volume,
)

ENTRY, EXTENDED_ENTRY, EXTENTS, FILE_NAME, FILE_SET = 261, 266, 258, 257, 256
FOLDER, STREAMS = 4, 13  # types
NAMED_STREAM_FOLDERS = {FOLDER, STREAMS}
CONTENT_TYPES = {0, 5, 7, 249}  # files, and what may be one
SHORT, LONG, EMBEDDED = 0, 1, 3
ZEROS, MORE = (1, 2), 3
DELETED, PARENT = 4, 8
STRATEGY = 4
MOST_EXTENTS = 1 << 18
Address = tuple[int, int]  # block, and which partition
Pieces = tuple[tuple[int | None, int], ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an entry says: its type, its content, the folder of its streams."""

    kind: int
    size: int
    extents: tuple[Extent, ...]
    streams: Address | None

    def pieces(self) -> Pieces:
        """Where the content lies: places and sizes; no place where there are zeros."""
        left, found = self.size, []
        for extent in self.extents:
            found.append((extent.place, min(extent.size, left)))
            left -= found[-1][1]
        return tuple(found)


class Files:
    """One pass over a volume.

    Args:
        image: all of it.
        known: as `unpack` has it.

    Attributes:
        damage: the first that was met.

    Raises:
        Malformed, Truncated, Undecoded: as `volume`.
    """

    def __init__(self, image: Reader, known: Container[Pieces]) -> None:
        self._image = image
        self._volume: Volume = volume(image)
        self._left = 2 * image.size  # bytes of folders that are read, at most
        self._known: set[Address] = set()
        self._elsewhere = known
        self._spaces: list[Space] = []
        self.damage: Malformed | None = None
        for each in self._volume.maps:
            self._spaces.append(each.space)
            if each.metadata:
                self._spaces[-1] = self._metadata(each.metadata)

    def items(self) -> Iterator[Item]:
        """Yield the content of each file below the root folder."""
        block, which = self._volume.files
        found = self._bytes(self._pieces(block, which, self._volume.block))
        if identifier(found) != FILE_SET:
            raise Malformed(NAME, 0, "file set of UDF")
        root = (number(found, 404, 4), number(found, 408, 2))
        yield from self._below(root)

    def _below(self, root: Address) -> Iterator[Item]:
        waiting: list[tuple[Address, bytes]] = [(root, b"")]
        while waiting:
            address, name = waiting.pop()
            if address in self._known:
                continue
            self._known.add(address)
            try:
                entry = self._entry(address)
            except Malformed as error:
                self._note(error)
                yield Gap(error.reason, name)
                continue
            if entry.streams is not None:
                waiting.append((entry.streams, name))
            if entry.kind in NAMED_STREAM_FOLDERS:
                waiting += self._folder(entry, name and name + b"/")
            elif self._is_new(entry):
                yield self._part(entry, name)

    def _is_new(self, entry: _Entry) -> bool:
        """Say whether an entry has content that was not looked at elsewhere."""
        if entry.kind not in CONTENT_TYPES or not entry.size:
            return False
        return entry.pieces() not in self._elsewhere

    def _part(self, entry: _Entry, name: bytes) -> Part:
        extents = entry.extents
        if len(extents) == 1 and extents[0].place is not None:
            place = min(extents[0].place, self._image.size)
            size = min(entry.size, extents[0].size)
            there = min(size, self._image.size - place)
            if there < size:
                self._note(Truncated(NAME, self._image.size, "file"))
            return Part(self._image.slice(place, there), name, packed=there)
        return Part(Stream(self._chunks(entry)), name)

    def _chunks(self, entry: _Entry) -> Iterator[bytes]:
        """Yield a content; more than its extents have is not there.

        Raises:
            Truncated: some lies behind the end of the image.
        """
        left = entry.size
        for extent in entry.extents:
            size = min(extent.size, left)
            left -= size
            for at in range(0, size, CHUNK):
                wanted = min(size - at, CHUNK)
                if extent.place is None:
                    yield bytes(wanted)
                    continue
                data = self._image.at(extent.place + at, wanted)
                yield data
                if len(data) < wanted:
                    raise Truncated(NAME, self._image.size, "file")

    def _folder(self, entry: _Entry, path: bytes) -> Iterator[tuple[Address, bytes]]:
        """Yield where the entries of a folder are, and their names."""
        self._left -= entry.size
        if self._left < 0:
            raise Malformed(NAME, 0, "size of folders of UDF")
        data = b"".join(self._whole(entry))
        place = 0
        while place + 38 <= len(data):
            if number(data, place, 2) != FILE_NAME:
                self._note(Malformed(NAME, 0, "folder of UDF"))
                return
            flags, length = data[place + 18], data[place + 19]
            behind = place + 38 + number(data, place + 36, 2)
            if not flags & (DELETED | PARENT):
                address = (number(data, place + 24, 4), number(data, place + 28, 2))
                yield address, path + _name(data[behind : behind + length])
            place += -(-(behind + length - place) // 4) * 4

    def _whole(self, entry: _Entry) -> Iterator[bytes]:
        try:
            yield from self._chunks(entry)
        except Truncated as error:
            self._note(error)

    def _entry(self, address: Address) -> _Entry:
        return self._read_entry(self._pieces(*address, self._volume.block), address[1])

    def _read_entry(self, pieces: Iterator[Extent], which: int) -> _Entry:
        extents = list(pieces)
        data = self._bytes(iter(extents))
        kind = identifier(data)
        if kind not in (ENTRY, EXTENDED_ENTRY) or number(data, 20, 2) != STRATEGY:
            raise Malformed(NAME, 0, "entry of UDF")
        lengths = 168 if kind == ENTRY else 208
        start = lengths + 8 + number(data, lengths, 4)
        length, size = number(data, lengths + 4, 4), number(data, 56, 8)
        streams = None
        if kind == EXTENDED_ENTRY and number(data, 152, 4) & LENGTH:
            streams = (number(data, 156, 4), number(data, 160, 2))
        form = number(data, 34, 2) & 7
        if form == EMBEDDED:
            place = extents[0].place
            inside = Extent(None if place is None else place + start, min(size, length))
            return _Entry(data[27], size, (inside,), streams)
        if form not in (SHORT, LONG):
            raise Malformed(NAME, 0, "form of extents of UDF")
        rows = self._rows(data[start : start + length], which, long=form == LONG)
        return _Entry(data[27], size, tuple(rows), streams)

    def _rows(self, rows: bytes, which: int, *, long: bool) -> Iterator[Extent]:
        """Yield the extents that a list names, and those of lists that go on."""
        stride = 16 if long else 8
        place, known = 0, set[Address]()
        for _ in range(MOST_EXTENTS):
            row = rows[place : place + stride]
            place += stride
            kind, size = number(row, 0, 4) >> 30, number(row, 0, 4) & LENGTH
            block, inside = number(row, 4, 4), number(row, 8, 2) if long else which
            if not size:
                return
            if kind == MORE:
                if (block, inside) in known:
                    raise Malformed(NAME, 0, "extents of UDF that go round")
                known.add((block, inside))
                rows = self._bytes(self._pieces(block, inside, size))
                if identifier(rows) != EXTENTS:
                    raise Malformed(NAME, 0, "extents of UDF")
                rows, place = rows[24 : 24 + number(rows, 20, 4)], 0
            elif kind in ZEROS:
                yield Extent(None, size)
            else:
                yield from self._pieces(block, inside, size)
        raise Malformed(NAME, 0, "number of extents of UDF")

    def _metadata(self, entries: tuple[int, ...]) -> Space:
        """The blocks of a metadata partition: the content of a file."""
        fault = Malformed(NAME, 0, "metadata partition of UDF")
        which = len(self._spaces) - 1
        for block in entries:
            try:
                entry = self._entry((block, which))
            except Malformed:
                continue
            return Space(list(entry.extents), self._volume.block)
        raise fault

    def _pieces(self, block: int, which: int, size: int) -> Iterator[Extent]:
        if which >= len(self._spaces):
            raise Malformed(NAME, 0, "partition of UDF")
        return self._spaces[which].pieces(block, size)

    def _bytes(self, pieces: Iterator[Extent]) -> bytes:
        """The bytes of a descriptor."""
        return b"".join(
            bytes(each.size)
            if each.place is None
            else self._image.at(each.place, min(each.size, CHUNK))
            for each in pieces
        )

    def _note(self, damage: Malformed) -> None:
        self.damage = self.damage or damage


def _name(data: bytes) -> bytes:
    """A name, whose first byte says how many bits a character has."""
    if data[:1] in (b"\x10", b"\xff"):
        return data[1:].decode("utf-16-be", "replace").encode()
    return data[1:].decode("latin-1").encode()


def unpack(image: Reader, known: Container[Pieces] = ()) -> Iterator[Item]:
    """Yield the content of each file once.

    Args:
        image: all of it.
        known: where the pieces of files lie that were looked at already.

    Raises:
        Malformed, Truncated: damage; what there is was yielded.
    """
    reading = Files(image, known)
    yield from reading.items()
    if reading.damage is not None:
        raise reading.damage
