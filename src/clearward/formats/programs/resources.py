"""Find resources in a Windows program, of one type or all.

    directory   12 bytes, named entries 2, other entries 2; then for each 8 bytes:
                id (or, with the top bit, where its name is), and where it leads: with
                the top bit to a directory, else to data
    data        address 4, size 4, code page 4, zero 4

Places count from the first directory. There are three levels: types, names, languages;
named entries come first at each. Two entries of one type or directories below the third
level are nothing Windows or ClamAV look at.

Source: Microsoft, "PE Format", The .rsrc Section.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.reader import Reader
from clearward.formats.programs.pe import Program

DIRECTORY = 2  # number of the data directory
HEAD = Struct("<12xHH")
ENTRY = Struct("<II")
DATA = Struct("<II8x")
DEEPER = 0x80000000
MOST_ENTRIES = 1 << 18  # of one program; a tree of more points at itself


@dataclass(frozen=True, slots=True)
class Leaf:
    """A resource.

    Attributes:
        kind: number of its type, with the top bit where the name of the type is.
        name: the same of its name.
        address: where it is loaded.
        size: in bytes.
    """

    kind: int
    name: int
    address: int
    size: int


class Tree:
    """The resources of a program.

    Args:
        program: its headers.
        reader: its bytes.
    """

    def __init__(self, program: Program, reader: Reader) -> None:
        address, size = program.directory(DIRECTORY)
        self._root = program.addresses.offset(address) if size and address else None
        self._reader = reader
        self._left = MOST_ENTRIES

    def of_type(self, number: int) -> Iterator[tuple[int, int]]:
        """Yield address and size of each resource of a type, in order."""
        for _, address, size in self.numbered(number):
            yield address, size

    def numbered(self, number: int) -> Iterator[tuple[int, int, int]]:
        """Yield number (or name), address and size of each resource of a type."""
        if self._root is None:
            return
        for identity, place in self._entries(0):
            if identity == number and place & DEEPER:
                yield from self._named(place ^ DEEPER)
                return

    def leaves(self) -> Iterator[Leaf]:
        """Yield each resource of any type, in order."""
        if self._root is None:
            return
        for kind, names in self._entries(0):
            if names & DEEPER:
                for name, address, size in self._named(names ^ DEEPER):
                    yield Leaf(kind, name, address, size)

    def _named(self, place: int) -> Iterator[tuple[int, int, int]]:
        for name, languages in self._entries(place):
            if not languages & DEEPER:
                continue
            for _, leaf in self._entries(languages ^ DEEPER):
                if not leaf & DEEPER and (data := self._at(leaf, DATA)):
                    yield name, *data

    def _entries(self, place: int) -> Iterator[tuple[int, int]]:
        """Yield the entries of a directory until there were too many in all."""
        head = self._at(place, HEAD)
        if head is None:
            return
        start = (self._root or 0) + place + HEAD.size
        count = min(sum(head), self._left)
        data = self._reader.at(start, count * ENTRY.size)
        for entry in ENTRY.iter_unpack(data[: len(data) // ENTRY.size * ENTRY.size]):
            self._left -= 1
            yield entry

    def _at(self, place: int, layout: Struct) -> tuple[int, int] | None:
        data = self._reader.at((self._root or 0) + place, layout.size)
        if len(data) < layout.size:
            return None
        first, second = layout.unpack(data)
        return first, second
