"""Write the list of imports of a Windows program that import hashes are made of.

    directory 1   for each library 20 bytes: look-up table 4, time 4, chain 4, name 4,
                  address table 4; all but the time and the chain are addresses
    look-up table for each function 4 bytes: an address of a hint of 2 bytes and the
                  name, or with the top bit the ordinal; 0 ends it

The list is ``library.function`` for each function, in lower case and in order, with
commas between. The extensions dll, ocx and sys are cut off; a function without a name
is ``ord`` and its number, but those of a few libraries have names (``ordinals.txt``).

Sources: Microsoft, "PE Format", The .idata Section; the import hash as Mandiant and
pefile made it customary; which tables count is what clamscan 1.4.6 answered.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.reader import Reader
from clearward.formats.programs.pe import Program

DIRECTORY = 1  # number of the data directory
LIBRARY = Struct("<I8xII")
THUNK = Struct("<I")
MOST_LIBRARIES = 1024
MOST_FUNCTIONS = 1 << 18  # more are in no program; many libraries may share one table
MOST_NAME = 256
HINT_SIZE = 2
BY_ORDINAL = 0x80000000
EXTENSIONS = (b".dll", b".ocx", b".sys")
PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789._")
TABLE_CHUNK = 1024  # bytes of a look-up table that are read at once


def _ordinals(text: str) -> dict[str, dict[int, str]]:
    names: dict[str, dict[int, str]] = {}
    section: dict[int, str] = {}
    for line in text.splitlines():
        if line.startswith("["):
            section = names[line.strip("[]")] = {}
        elif line and not line.startswith("#"):
            number, _, name = line.partition(" ")
            section[int(number)] = name
    return names


with open(
    f"{__file__.removesuffix('imports.py')}ordinals.txt", encoding="ascii"
) as file:
    ORDINALS = _ordinals(file.read())
ORDINALS["wsock32"] = ORDINALS["ws2_32"]


class Unusable(Exception):
    """A table for which ClamAV makes no import hash either. It never leaves here."""


def listing(program: Program, reader: Reader) -> bytes | None:
    """Return the list of imports; None if there is none to make a hash of.

    ClamAV makes none for PE32+, nor if a name has letters that names do not have.
    Lists in signatures give its length as their size.
    """
    address, size = program.directory(DIRECTORY)
    start = program.addresses.offset(address)
    if program.plus or not address or not size or start is None:
        return None
    count = min((size - 1) // LIBRARY.size, MOST_LIBRARIES)
    table = reader.at(start, size)
    if len(table) < size:
        return None
    try:
        return b",".join(_Imports(program, reader).listed(table, count))
    except Unusable:
        return None


class _Imports:
    """Reads what the directory leads to."""

    def __init__(self, program: Program, reader: Reader) -> None:
        self._offset = program.addresses.offset
        self._reader = reader
        self._left = MOST_FUNCTIONS

    def listed(self, table: bytes, count: int) -> Iterator[bytes]:
        for number in range(count):
            row = LIBRARY.unpack_from(table, number * LIBRARY.size)
            lookup, name, addresses = row
            if not name:
                return
            library, ordinals = self._library(name)
            start = self._offset(lookup) if lookup else None
            if start is None:
                start = self._offset(addresses)
            if start is None:
                raise Unusable
            for thunk in self._thunks(start):
                function = self._function(thunk, ordinals)
                if function is not None:
                    yield library + b"." + function

    def _library(self, address: int) -> tuple[bytes, dict[int, str]]:
        """Return what stands for a library, and the names of its ordinals."""
        start = self._offset(address)
        if start is None:
            raise Unusable
        name = _name(self._reader.at(start, MOST_NAME))
        stem, dot, rest = name.partition(b".")
        if not (dot + rest).startswith(EXTENSIONS):
            return name, {}
        known = rest.startswith(b"dll")
        return stem, ORDINALS.get(stem.decode("latin-1"), {}) if known else {}

    def _thunks(self, start: int) -> Iterator[int]:
        while data := self._reader.at(start, TABLE_CHUNK):
            for (thunk,) in THUNK.iter_unpack(data[: len(data) // 4 * 4]):
                if not thunk:
                    return
                self._left -= 1
                if self._left < 0:
                    raise Unusable
                yield thunk
            start += TABLE_CHUNK

    def _function(self, thunk: int, ordinals: dict[int, str]) -> bytes | None:
        """Return what stands for a function, None if its name is cut off."""
        if thunk & BY_ORDINAL:
            number = thunk & 0xFFFF
            return ordinals.get(number, f"ord{number}").encode("ascii")
        start = self._offset(thunk)
        if start is None:
            return b""
        data = self._reader.at(start + HINT_SIZE, MOST_NAME)
        if len(data) < MOST_NAME:
            return None
        name = _name(data)
        if not PLAIN.issuperset(name):
            raise Unusable
        return name


def _name(data: bytes) -> bytes:
    return data.partition(b"\0")[0].lower()
