"""Build the import table of a Windows program."""

import struct
from collections.abc import Iterable, Sequence

from support.programs import Pe, Section

START = 0x400  # file offset of the imports
ADDRESS = 0x2000
Wanted = Sequence[str | int]  # names, or ordinals


def table(
    libraries: Iterable[tuple[str, Wanted]],
    *,
    plus: bool = False,
    first: bool = True,
) -> bytes:
    """Descriptors, look-up tables and names, made to lie at `ADDRESS`.

    Args:
        libraries: each with what is wanted of it.
        plus: look-up entries of 8 bytes.
        first: there are look-up tables besides the address tables.
    """
    libraries = list(libraries)
    width = 8 if plus else 4
    behind = 20 * (len(libraries) + 1)
    descriptors, data = b"", b""

    def place() -> int:
        return ADDRESS + behind + len(data)

    for library, wanted in libraries:
        entries = []
        for one in wanted:
            if isinstance(one, int):
                entries.append(one | 1 << (8 * width - 1))
            else:
                entries.append(place())
                data += b"\0\0" + one.encode("ascii") + b"\0"
        name = place()
        data += library.encode("ascii") + b"\0"
        data += bytes(-len(data) % 8)
        lookup = place()
        data += b"".join(entry.to_bytes(width, "little") for entry in entries)
        data += bytes(width)
        kept = lookup if first else 0
        descriptors += struct.pack("<IIIII", kept, 0, 0, name, lookup)
    return descriptors + bytes(20) + data


def with_imports(content: bytes, *, plus: bool = False, size: int = 0) -> Pe:
    """A program whose second section holds these bytes as its imports."""
    size = size or -(-(START + len(content)) // 0x200) * 0x200
    idata = Section(0x100000, ADDRESS, size - START, START, 0x40000040, b".idata")
    sections = (Section(0x1000, 0x1000, 0x200, 0x200), idata)
    directories = ((0, 0), (ADDRESS, len(content)), *((0, 0),) * 14)
    return Pe(
        sections,
        size=size,
        plus=plus,
        directories=directories,
        contents=((START, content),),
    )
