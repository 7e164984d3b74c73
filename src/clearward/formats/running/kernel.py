"""What unpacking code may look at of Windows: a library, and the list of libraries.

    KERNEL          headers and exports of a library that knows all of ``windows.txt``
    TRAPS           behind them, one address for each function
    LOADED          what the process says is loaded: the program, and that library twice

Code that imports nothing finds the library by walking down from an address that it
returns to, or by the list, and reads its exports.

Sources: Microsoft, "PE Format"; the structures PEB and PEB_LDR_DATA as its page on
them has it, and their lists as debuggers show them.
"""

from collections.abc import Iterator, Sequence
from struct import Struct

WORD = Struct("<I")
NUMBER = Struct("<H")
KERNEL = 0x77000000
HEADERS = 0x4000  # bytes in front of the traps
TRAPS = KERNEL + HEADERS
TRAP_SIZE = 16
MOST_TRAPS = 4096
SIZE = HEADERS + MOST_TRAPS * TRAP_SIZE
PLACE = 0x80  # of the PE header
OPTIONAL = PLACE + 24
EXPORTS = 0x400
EXPORT = Struct("<3I2I6I")
NAME = b"kernel32.dll\0"

LOADED = 0x100  # place of the list in the page of the process
ENTRY_SIZE = 0x40
HEADS = (0x0C, 0x14, 0x1C)  # of three lists, by loading, by memory, by start
LINKS = (0x00, 0x08, 0x10)  # where an entry is linked into them


def library(names: Sequence[str], first: int) -> bytes:
    """Return headers and exports of a library.

    Args:
        names: of its functions, sorted.
        first: number of the trap of the first; the others follow.
    """
    data = bytearray(HEADERS)
    data[:2] = b"MZ"
    WORD.pack_into(data, 60, PLACE)
    data[PLACE : PLACE + 8] = b"PE\0\0\x4c\x01\x00\x00"
    data[PLACE + 20 : PLACE + 24] = b"\xe0\0\x02\x21"
    data[OPTIONAL : OPTIONAL + 2] = b"\x0b\x01"
    for place, value in ((28, KERNEL), (32, 4096), (56, SIZE), (60, 4096), (92, 16)):
        WORD.pack_into(data, OPTIONAL + place, value)
    WORD.pack_into(data, OPTIONAL + 96, EXPORTS)
    count = len(names)
    functions = EXPORTS + EXPORT.size
    listed = functions + 4 * count
    ordinals = listed + 4 * count
    text = ordinals + 2 * count
    end = text + len(NAME)
    data[text:end] = NAME
    fields = (0, 0, 0, text, 1, count, count, functions, listed, ordinals)
    EXPORT.pack_into(data, EXPORTS, *fields, 0)
    for number, name in enumerate(names):
        trap = HEADERS + (first + number) * TRAP_SIZE
        WORD.pack_into(data, functions + 4 * number, trap)
        WORD.pack_into(data, listed + 4 * number, end)
        NUMBER.pack_into(data, ordinals + 2 * number, number)
        data[end : end + len(name)] = name.encode("ascii")
        end += len(name) + 1
    WORD.pack_into(data, OPTIONAL + 100, end - EXPORTS)
    return bytes(data)


def loaded(page: int, base: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield what to write at which addresses for the list of what is loaded.

    Args:
        page: address of the process.
        base: of the program.
        size: of it, in bytes.
    """
    head = page + LOADED
    first = head + 0x40
    modules = (
        ("program.exe", base, size),
        ("ntdll.dll", KERNEL, SIZE),
        ("kernel32.dll", KERNEL, SIZE),
    )
    entries = [first + ENTRY_SIZE * number for number in range(len(modules))]
    yield page + 0x0C, WORD.pack(head)
    for head_at, link_at in zip(HEADS, LINKS, strict=True):
        # The program itself is not among what was started.
        chain = entries[1:] if link_at == LINKS[-1] else entries
        places = [head + head_at, *(entry + link_at for entry in chain)]
        for number, place in enumerate(places):
            following = places[(number + 1) % len(places)]
            yield place, WORD.pack(following) + WORD.pack(places[number - 1])
    text = entries[-1] + ENTRY_SIZE
    for entry, (name, start, length) in zip(entries, modules, strict=True):
        wide = name.encode("utf-16-le") + b"\0\0"
        counts = Struct("<HHI").pack(len(wide) - 2, len(wide), text)
        yield entry + 0x18, Struct("<3I").pack(start, start, length) + counts + counts
        yield text, wide
        text += len(wide)
