"""Unpack CD images: ISO 9660 with Joliet and Rock Ridge, and UDF (`formats/udf`).

Layout, in sectors of 2048 bytes, numbers read in their little-endian half (ECMA-119):

    sector 16  volume descriptors, one a sector, until one of type 255 (8.1)
               0     type: 0 boot, 1 primary, 2 supplementary (Joliet's)
               1     "CD001"
               80    blocks in the volume
               88    escape sequences; "%/@", "%/C", "%/E": names are UTF-16 (Joliet)
               128   size of a logical block
               156   record of the root folder

    a record (9.1)
               0     its length; 0: the next is in the next sector
               1     blocks of attributes in front of the content
               2     block of the content
               10    size of the content
               25    flags: 2 folder, 128 the file goes on in the next record
               26    blocks in a unit, if the file is interleaved
               32    length of the name, then the name; an even place; system use

Rock Ridge keeps its names in the system use area (NM of RRIP 4.1.4). Every view is
walked; a file that two of them show is one part. A boot catalog's images (El Torito)
are parts. What a UDF volume beside them says is walked as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.udf import files as udf

NAME = "iso"
SECTOR = 2048
FIRST = 16  # sector
LAST = 64  # sector up to which descriptors are looked for
BOOT, PRIMARY, SUPPLEMENTARY = range(3)
JOLIET = (b"%/@", b"%/C", b"%/E")
FOLDER, MORE = 2, 128  # flags
RECORD = 33  # bytes before the name
ZISOFS = bytes.fromhex("37e45396c9dbd607")
OF_UDF = (b"NSR02", b"NSR03")


@dataclass(frozen=True, slots=True)
class _Record:
    """A file or a folder, as a record names it."""

    name: bytes
    place: int
    size: int
    flags: int
    interleaved: bool


def unpack(image: Reader) -> Iterator[Item]:
    """Yield each file of each view once, and images to boot from.

    Raises:
        Malformed: a folder is wrong, or the folders are larger than the image.
        Truncated: files or folders lie behind the end. What there is was yielded.
    """
    reading = _Image(image)
    is_udf = False
    for sector in range(FIRST, LAST):
        descriptor = image.at(sector * SECTOR, SECTOR)
        is_udf |= descriptor[1:6] in OF_UDF
        if descriptor[1:6] != b"CD001" or len(descriptor) < SECTOR:
            continue
        if descriptor[0] == BOOT:
            yield from reading.boot(int.from_bytes(descriptor[71:75], "little"))
        elif descriptor[0] in {PRIMARY, SUPPLEMENTARY}:
            yield from reading.view(descriptor)
    if is_udf:
        yield from udf.unpack(image, reading.files)
    yield from reading.behind()
    if reading.damage is not None:
        raise reading.damage


class _Image:
    """What was met so far of an image.

    Attributes:
        files: where the pieces of each file lie that was yielded: place and size.
        damage: the first that was met.
    """

    def __init__(self, image: Reader) -> None:
        self._image = image
        self.files: set[tuple[tuple[int, int], ...]] = set()
        self._left = 2 * image.size  # bytes of folders that are read, at most
        self._end = 0  # of the volumes
        self.damage: Malformed | None = None

    def boot(self, sector: int) -> Iterator[Item]:
        """Yield what a boot catalog names, from there to the end of the image.

        An entry of 32 bytes begins with 88 hex and has a sector at 8; its count of
        512 bytes at 6 says what is loaded first, not how long the image is.
        """
        catalog = self._image.at(sector * SECTOR, SECTOR)
        for at in range(32, len(catalog), 32):
            place = int.from_bytes(catalog[at + 8 : at + 12], "little") * SECTOR
            count = int.from_bytes(catalog[at + 6 : at + 8], "little") * 512
            size = max(count, self._floppy(catalog[at + 1] & 15))
            size = min(size, self._image.size - place)
            if catalog[at] == 0x88 and size > 0:  # noqa: PLR2004 - bootable
                yield Part(self._image.slice(place, size), b"boot")

    @staticmethod
    def _floppy(media: int) -> int:
        return {1: 1_228_800, 2: 1_474_560, 3: 2_949_120}.get(media, 0)

    def view(self, descriptor: bytes) -> Iterator[Item]:
        """Yield what the folders below one descriptor name and no other view did."""
        block = int.from_bytes(descriptor[128:130], "little") or SECTOR
        blocks = int.from_bytes(descriptor[80:84], "little")
        self._end = max(self._end, blocks * block)
        joliet = descriptor[0] == SUPPLEMENTARY and descriptor[88:91] in JOLIET
        root = _record(descriptor[156:190], block, joliet=joliet)
        if root is None:
            self._note(Malformed(NAME, 156, "root folder"))
            return
        folders = [(root, b"")]
        known = {root.place}
        while folders:
            folder, path = folders.pop()
            pieces: list[_Record] = []
            for record in self._records(folder, block, joliet=joliet):
                if record.flags & FOLDER:
                    if record.place not in known:
                        known.add(record.place)
                        folders.append((record, path + record.name + b"/"))
                    continue
                pieces.append(record)
                if not record.flags & MORE:
                    yield from self._file(pieces, path)
                    pieces = []
            if pieces:
                yield from self._file(pieces, path)

    def behind(self) -> Iterator[Item]:
        """Yield what is behind the volumes and all files, but zeros."""
        ends = (place + size for file in self.files for place, size in file)
        end = max(self._end, *ends, 0)
        if not self._end or end >= self._image.size:
            return
        rest = self._image.slice(end, self._image.size - end)
        if any(chunk.strip(b"\0") for chunk in rest.chunks()):
            yield Part(rest, b"trailing")

    def _records(
        self, folder: _Record, block: int, *, joliet: bool
    ) -> Iterator[_Record]:
        if folder.place + folder.size > self._image.size:
            self._note(Truncated(NAME, self._image.size, "folder"))
        for start in range(0, folder.size, SECTOR):
            sector = self._image.at(folder.place + start, SECTOR)
            self._left -= len(sector)
            if not sector:
                return
            if self._left < 0:
                raise Malformed(NAME, folder.place, "size of folders")
            at = 0
            while at < len(sector) and (length := sector[at]):
                record = _record(sector[at : at + length], block, joliet=joliet)
                if record is None:
                    self._note(Malformed(NAME, folder.place + start + at, "record"))
                    break
                if record.name not in {b"\0", b"\1"}:  # the folder itself, its parent
                    yield record
                at += length

    def _file(self, pieces: list[_Record], path: bytes) -> Iterator[Item]:
        extents = tuple((each.place, each.size) for each in pieces if each.size)
        if extents in self.files or not extents:
            return
        self.files.add(extents)
        name = path + pieces[0].name
        if any(each.interleaved for each in pieces):
            yield Gap(Reason.UNSUPPORTED, name)
            return
        inside = []
        for place, size in extents:
            there = min(size, max(self._image.size - place, 0))
            if there < size:
                self._note(Truncated(NAME, self._image.size, "file"))
            inside.append(self._image.slice(min(place, self._image.size), there))
        if inside[0].at(0, len(ZISOFS)) == ZISOFS:
            yield Gap(Reason.UNSUPPORTED, name)
        if len(inside) == 1:
            yield Part(inside[0], name, packed=inside[0].size)
        else:
            yield Part(Stream(one for each in inside for one in each.chunks()), name)

    def _note(self, damage: Malformed) -> None:
        self.damage = self.damage or damage


def _record(data: bytes, block: int, *, joliet: bool) -> _Record | None:
    """Return what a record says, None if it is too short for its name."""
    if len(data) <= RECORD or len(data) < RECORD + data[32]:
        return None
    name = data[RECORD : RECORD + data[32]]
    if len(name) > 1:
        if joliet:
            name = name.decode("utf-16-be", "replace").encode()
        else:
            name = _rock_ridge(data[RECORD + len(name) + (~len(name) & 1) :]) or name
        name = name.partition(b";")[0]
    place = (int.from_bytes(data[2:6], "little") + data[1]) * block
    size = int.from_bytes(data[10:14], "little")
    return _Record(name, place, size, data[25], bool(data[26]))


def _rock_ridge(area: bytes) -> bytes:
    """Return the name in a system use area, as far as it stands there."""
    name = b""
    at = 0
    while at + 4 < len(area) and area[at + 2] > 4:  # noqa: PLR2004 - its own header
        if area[at : at + 2] == b"NM":
            name += area[at + 5 : at + area[at + 2]]
        at += area[at + 2]
    return name
