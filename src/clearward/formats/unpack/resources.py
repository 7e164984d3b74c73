"""Hand on resources of a Windows program that may be more than its data.

Raw data, web pages and what has a type of its own name are; icons, dialogs, texts and
the like are not. Of a .NET program its resources are handed on too; those that were
packed with deflate and nothing in front, as Costura does with libraries, are unpacked.
What begins like a picture, sound or form of Delphi is nothing but that. Programs and
archives in the middle of a resource are found by `embedded`.

Source: Microsoft, "PE Format", The .rsrc Section; ECMA-335, II.24.2.6.
"""

import zlib
from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Zlib
from clearward.formats.inflate import Frames
from clearward.formats.installers.again import Again
from clearward.formats.programs import managed, pe
from clearward.formats.programs.resources import DIRECTORY, Tree

NAME = "resources"
MAGICS = (b"MZ",)
RAW, PAGE, NAMED = 10, 23, 0x80000000  # types
SMALLEST = 32  # bytes
MOST = 256  # resources of a program
PLAIN = (
    b"MZ",
    b"PK\3\4",
    b"TPF0",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"BM",
    b"RIFF",
    b"\0\0\1\0",
    b"PADDING",
)
FRONT = 64  # bytes of what is packed that are looked at


def recognises(head: bytes, reader: Reader) -> bool:
    """Say whether a Windows program has such resources."""
    return head.startswith(MAGICS) and next(_found(reader), None) is not None


def unpack(program: Reader) -> Iterator[Item]:
    """Yield each of them, named by its type and number or by its offset."""
    given: set[tuple[int, int]] = set()
    again = Again(program.size)
    for name, start, size in _found(program):
        if (start, size) in given:
            continue
        if len(given) == MOST or not again.more(size):
            yield Gap(Reason.PARTS_LIMIT)
            return
        given.add((start, size))
        content = program.slice(start, size)
        if _is_deflated(content):
            frames = Frames(NAME, Cursor(content), _inflate, once=True)
            yield Part(Stream(iter(frames)), name, size)
        else:
            yield Part(content, name, size, searched=True)


def _found(reader: Reader) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, place and size of each."""
    try:
        program = pe.read(reader)
    except Malformed:
        return
    if program.directory(DIRECTORY)[1]:
        for leaf in Tree(program, reader).leaves():
            start = program.addresses.offset(leaf.address)
            if leaf.kind not in (RAW, PAGE) and not leaf.kind & NAMED:
                continue
            size = min(leaf.size, reader.size - start) if start is not None else 0
            if size >= SMALLEST and not reader.at(start or 0, 8).startswith(PLAIN):
                kind, number = leaf.kind & ~NAMED, leaf.name & ~NAMED
                yield b"resource %d %d" % (kind, number), start or 0, size
    for start, size in managed.spans(program, reader):
        if size >= SMALLEST and not reader.at(start, 8).startswith(PLAIN):
            yield b"resource at %d" % start, start, size


def _is_deflated(content: Reader) -> bool:
    """Say whether a program comes out of the first bytes."""
    inner = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return inner.decompress(content.at(0, FRONT), 2) in MAGICS
    except zlib.error:
        return False


def _inflate(head: bytes) -> Zlib:  # noqa: ARG001
    return Zlib(-zlib.MAX_WBITS)
