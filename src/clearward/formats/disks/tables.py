"""Disks whose blocks are found by a table of tables: those of QEMU and VMware.

first table     where each second table is
second table    of each block where it is, or that it has only zeros
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from clearward.core.reader import Reader
from clearward.core.reasons import Reason


@dataclass(slots=True)
class Tables:
    """The blocks of a disk by their number.

    Attributes:
        file: what holds them.
        first: place of the first table.
        entries: how many it has.
        per_table: how many a second one has.
        width: bytes of an entry.
        order: of its bytes.
        place_of: gives the place of a second table from its entry, 0 if it has none.
        is_there: says of an entry of a second table whether the file has the block.
        read: gives the bytes of such a block.
        faults: what was said about blocks that could not be read.
    """

    file: Reader
    first: int
    entries: int
    per_table: int
    width: int
    order: Literal["little", "big"]
    place_of: Callable[[int], int]
    is_there: Callable[[int], bool]
    read: Callable[[int], bytes]
    faults: set[Reason] = field(default_factory=set)

    def load(self, number: int) -> bytes:
        """Return a block; what cannot be read is empty and noted."""
        which, inside = divmod(number, self.per_table)
        if which >= self.entries:
            return b""
        table = self.place_of(self._entry(self.first, which))
        entry = self._entry(table, inside) if table else 0
        if not self.is_there(entry):
            return b""
        data = self.read(entry)
        if not data:
            self.faults.add(Reason.TRUNCATED)
        return data

    def inflated(self, packed: bytes, size: int, *, header: bool) -> bytes:
        """Return what a deflated block unpacks to, no more than its size."""
        stream = zlib.decompressobj(zlib.MAX_WBITS if header else -zlib.MAX_WBITS)
        try:
            data = stream.decompress(packed, size)
        except zlib.error:
            self.faults.add(Reason.CORRUPT)
            return bytes(1)  # something was there
        if len(data) < size and not stream.eof:
            self.faults.add(Reason.TRUNCATED)
        return data or bytes(1)

    def there(self) -> Iterator[int]:
        """Yield the numbers of the blocks that the file has.

        A second table is looked at once, however often it is named.
        """
        seen = set()
        for which in range(min(self.entries, self.file.size // self.width)):
            table = self.place_of(self._entry(self.first, which))
            if not table or table in seen:
                continue
            seen.add(table)
            data = self.file.at(table, self.per_table * self.width)
            if not data.strip(b"\0"):
                continue
            for inside in range(len(data) // self.width):
                entry = data[inside * self.width : (inside + 1) * self.width]
                if self.is_there(int.from_bytes(entry, self.order)):
                    yield which * self.per_table + inside

    def _entry(self, table: int, number: int) -> int:
        data = self.file.at(table + number * self.width, self.width)
        if len(data) < self.width:
            self.faults.add(Reason.TRUNCATED)
            return 0
        return int.from_bytes(data, self.order)
