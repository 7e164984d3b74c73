"""Find the resources of a .NET program.

The header of the runtime is the 15th directory: at 8 address and size of the metadata,
at 24 those of the resources, which are one behind the other, each behind its length (4)
and at a multiple of 8 bytes.

Source: ECMA-335, II.25.3.3 and II.24.2.6 (resources).
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.reader import Reader
from clearward.formats.programs.pe import Program

DIRECTORY = 14  # number of the data directory
HEADER = Struct("<24xII")
METADATA = Struct("<8xI")
LENGTH = 4
ALIGNED = 8
MOST = 4096  # resources of one program


def metadata(program: Program, reader: Reader) -> int | None:
    """Return where the metadata begins, None if there is none in the file."""
    address, size = program.directory(DIRECTORY)
    place = program.addresses.offset(address) if address and size else None
    fields = reader.at(place, METADATA.size) if place is not None else b""
    if len(fields) < METADATA.size:
        return None
    return program.addresses.offset(METADATA.unpack(fields)[0])


def spans(program: Program, reader: Reader) -> Iterator[tuple[int, int]]:
    """Yield place and size of each resource, as far as they lie in the program.

    Args:
        program: its headers.
        reader: its bytes.
    """
    address, size = program.directory(DIRECTORY)
    place = program.addresses.offset(address) if address and size else None
    fields = reader.at(place, HEADER.size) if place is not None else b""
    if len(fields) < HEADER.size:
        return
    address, size = HEADER.unpack(fields)
    place = program.addresses.offset(address) if address and size else None
    if place is None:
        return
    end = min(place + size, reader.size)
    for _ in range(MOST):
        length = int.from_bytes(reader.at(place, LENGTH), "little")
        start = place + LENGTH
        if start + length > end or not length:
            return
        yield start, length
        place = start + length + -(LENGTH + length) % ALIGNED
