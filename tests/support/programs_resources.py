"""Build the resources of a Windows program."""

import struct

from support.programs import Pe, Section

START = 0x400  # file offset of the resources
ADDRESS = 0x2000


def block(key: str, value: bytes = b"", *children: bytes, kind: int = 1) -> bytes:
    """One node of a version resource, with its children."""
    size = len(value) // 2 if kind else len(value)
    name = key.encode("utf-16-le") + b"\0\0"
    data = _padded(b"\0" * 6 + name) + value
    for child in children:
        data = _padded(data) + child
    return struct.pack("<HHH", len(data), size, kind) + data[6:]


def text(value: str) -> bytes:
    """A value, with the zero that ends it."""
    return value.encode("utf-16-le") + b"\0\0"


def version(*tables: bytes, first: bytes = b"") -> bytes:
    """A whole version resource with tables of strings."""
    fixed = struct.pack("<II", 0xFEEF04BD, 0x10000) + bytes(44)
    info = block("StringFileInfo", b"", *tables)
    children = (first, info) if first else (info,)
    return block("VS_VERSION_INFO", fixed, *children, kind=0)


def directory(entries: list[tuple[int, bytes | tuple[int, int]]], at: int) -> bytes:
    """A directory of resources that lies `at` bytes behind the first one.

    An entry is its id and what lies there: a directory, made by a call with the right
    place, or the address and the size of the data.
    """
    head = struct.pack("<12xHH", 0, len(entries))
    behind = at + len(head) + 8 * len(entries)
    rows, rest = b"", b""
    for number, what in entries:
        if isinstance(what, bytes):
            rows += struct.pack("<II", number, 0x80000000 | behind + len(rest))
            rest += what
        else:
            rows += struct.pack("<II", number, behind + len(rest))
            rest += struct.pack("<IIII", *what, 0, 0)
    return head + rows + rest


def tree(number: int, *leaves: tuple[int, int]) -> bytes:
    """Directories for one type of resource: each leaf has a name of its own."""
    places = 24 + 16 + 8 * len(leaves)
    names: list[tuple[int, bytes | tuple[int, int]]] = []
    for name, leaf in enumerate(leaves, 1):
        names.append((name, directory([(0x409, leaf)], places)))
        places += 24 + 16
    return directory([(number, directory(names, 24))], 0)


def with_resources(content: bytes, size: int = 0x1000) -> Pe:
    """A program whose second section holds these bytes as its resources."""
    rsrc = Section(0x1000, ADDRESS, size - START, START, 0x40000040, b".rsrc")
    sections = (Section(0x1000, 0x1000, 0x200, 0x200), rsrc)
    directories = ((0, 0), (0, 0), (ADDRESS, len(content)), *((0, 0),) * 13)
    return Pe(
        sections, size=size, directories=directories, contents=((START, content),)
    )


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def with_leaves(kind: int, *leaves: bytes) -> bytes:
    """A program with resources of one type that hold these bytes."""
    start = ADDRESS + 0x200
    places = []
    for leaf in leaves:
        places.append((start, len(leaf)))
        start += len(leaf)
    content = tree(kind, *places).ljust(0x200, b"\0") + b"".join(leaves)
    return with_resources(content, START + len(content)).build()


def managed(*resources: bytes) -> bytes:
    """A .NET program with these resources."""
    data = b""
    for each in resources:
        data += struct.pack("<I", len(each)) + each
        data += bytes(-len(data) % 8)
    header = struct.pack("<24xII", ADDRESS + 72, len(data)).ljust(72, b"\0")
    content = header + data
    size = START + len(content)
    text_ = Section(0x1000, ADDRESS, len(content), START, 0x60000020)
    first = Section(0x1000, 0x1000, 0x200, 0x200)
    directories = (*((0, 0),) * 14, (ADDRESS, 72), (0, 0))
    program = Pe(
        (first, text_),
        size=size,
        directories=directories,
        contents=((START, content),),
    )
    return program.build()
