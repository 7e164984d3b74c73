"""The sectors of an OLE2 compound file: chains of them, and those that nothing names.

Layout (MS-CFB 2.1 to 2.5), numbers little-endian:

    header      512 bytes; 4096 if sectors are that large
    sectors     512 or 4096 bytes each; the first has number 0
    FAT         for each sector the number of the next in its chain, 0xFFFFFFFE at the
                end, 0xFFFFFFFF if it is free. It lies in sectors, which the header
                lists (109 of them) and, for larger files, a chain called DIFAT
    mini FAT    the same for sectors of 64 bytes inside the stream of the root entry,
                where streams of less than 4096 bytes are

Numbers in the header that lie are a fault, and what can be read is read. Chains are
followed by the bytes present, never by a size that the file declares alone.
"""

import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.formats.ole.pieces import Pieces, held
from clearward.formats.ole.table import FREE, HIGHEST, Table

NAME = "ole"
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_SIZE = 512
LISTED = 109  # FAT sectors that the header names
SHIFTS = (9, 12)
MINI = 64  # bytes of a sector in the mini stream
SMALL = 4096  # bytes; smaller streams lie in the mini stream

_FIELDS = Struct("<26xH2xH16xI4xII4xI")


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says, in its own words.

    Attributes:
        major: version; in 3, sizes of streams have 32 bits.
        sector_shift: logarithm of the size of a sector.
        directory: first sector of the directory.
        cutoff: bytes; smaller streams are in the mini stream. Always 4096, they say.
        mini_fat: first sector of it.
        difat: first sector of it.
        listed: first FAT sectors.
    """

    major: int
    sector_shift: int
    directory: int
    cutoff: int
    mini_fat: int
    difat: int
    listed: "array[int]"

    @classmethod
    def read(cls, reader: Reader) -> "Header":
        """Read the header.

        Raises:
            Malformed: it is none.
            Truncated: it ends early.
        """
        data = reader.at(0, HEADER_SIZE)
        if len(data) < HEADER_SIZE:
            raise Truncated(NAME, len(data), "header length")
        if data[:8] != MAGIC:
            raise Malformed(NAME, 0, "magic")
        fields = _FIELDS.unpack_from(data)
        major, shift, directory, cutoff, mini_fat, difat = fields
        if shift not in SHIFTS:
            raise Malformed(NAME, 30, "sector shift")
        listed = numbers(data[76:])
        return cls(major, shift, directory, cutoff, mini_fat, difat, listed)


def numbers(data: bytes) -> "array[int]":
    """Read little-endian numbers of 32 bits; what is left over is no number."""
    found = array("I", data[: len(data) & ~3])
    if sys.byteorder != "little":
        found.byteswap()
    return found


class Compound:
    """A compound file, as far as its sectors go.

    Raises:
        Malformed: its header cannot be used.
        Truncated: it ends inside its header.

    Attributes:
        header: what it says.
        sectors: its chains.
    """

    def __init__(self, reader: Reader) -> None:
        self.header = Header.read(reader)
        self._reader = reader
        self._sector = 1 << self.header.sector_shift
        self._faults = NONE
        self._difat: list[int] = []  # sectors of it
        places = self._fat_places()
        self.sectors = Table(self._fat(places), reader, self._sector, self._sector)
        for number in (*places, *self._difat):
            self.sectors.mark(number)
        self.minis: Table | None = None

    @property
    def faults(self) -> Reason:
        """What is wrong with it, as far as it was read."""
        minis = self.minis.faults if self.minis is not None else NONE
        return self._faults | self.sectors.faults | minis

    def directory(self) -> Reader:
        """Return the directory: entries of 128 bytes."""
        return held(self.sectors.chain(self.header.directory).reader())

    def root(self, start: int, size: int) -> None:
        """Say where the mini stream is; before that there are no small streams."""
        pieces = self.sectors.chain(start, size) if size else Pieces(self._reader)
        fat = b""
        if self.header.mini_fat <= HIGHEST:
            chain = self.sectors.chain(self.header.mini_fat).reader()
            fat = chain.at(0, (pieces.size // MINI + 1) * 4)
        self.minis = Table(numbers(fat), held(pieces.reader(size)), MINI, 0)

    def streams(self, start: int, size: int) -> Iterator[Reader]:
        """Yield the content of a stream; of two if the header leaves a choice."""
        small = {size < SMALL, size < self.header.cutoff}
        if not size:
            yield Reader.of(b"")
        elif True in small and self.minis is not None:
            yield self.minis.chain(start, size).reader(size)
        if size and False in small:
            yield self.sectors.chain(start, size).reader(size)

    def _at(self, number: int) -> bytes:
        return self._reader.at((number + 1) * self._sector, self._sector)

    def _fat_places(self) -> list[int]:
        """Return the sectors that the FAT lies in, those of the DIFAT behind them."""
        most = self._reader.size // self._sector + 1
        found = [number for number in self.header.listed if number <= HIGHEST]
        number = self.header.difat
        seen = set()
        while number <= HIGHEST and number not in seen and number < most:
            seen.add(number)
            self._difat.append(number)
            entries = numbers(self._at(number))
            if not entries:
                break
            found += [each for each in entries[:-1] if each <= HIGHEST]
            number = entries[-1]
        if number in seen:
            self._faults |= Reason.CORRUPT
        elif number <= HIGHEST and number >= most:
            self._faults |= Reason.TRUNCATED
        return found

    def _fat(self, places: list[int]) -> "array[int]":
        """Read the FAT, no more of it than there are sectors."""
        each = self._sector // 4
        most = self._reader.size // self._sector + 1
        fat = array("I")
        for number in places:
            if len(fat) >= most:
                break
            entries = numbers(self._at(number))
            if len(entries) < each:
                self._faults |= Reason.TRUNCATED
                entries.extend([FREE] * (each - len(entries)))
            fat.extend(entries)
        return fat
