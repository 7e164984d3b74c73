"""Unpack installers of Inno Setup, 5 and 6.

A program of Inno Setup has a table among its resources, numbers little-endian:

    12 bytes, "rDlPtS" or "nS5W7dT" and more; revision (4), unused (20), place of the
    header (4), place of the data (4); in revision 2 (from 6.5 on) places are of 8 bytes

The header tells where files are, see `inno_header`. The data consist of chunks, each
"zlb" 1A and one or more files, one behind the other, packed with LZMA, LZMA2, zlib or
bzip2, or not packed. What an encrypted chunk holds is not told by its first bytes. Data
may be spread over files of their own ("idska32" 1A); in these, and where the header is
not understood, chunks are searched for and each is one part.

Source: innoextract (zlib licence), loader/offsets and stream/chunk, which describe it.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Zlib
from clearward.formats.inflate import Frames
from clearward.formats.installers import inno_header
from clearward.formats.installers.inno_calls import restored
from clearward.formats.installers.inno_header import CALLS, Location
from clearward.formats.installers.packed import is_lzma, unpacked

NAME = "inno"
TABLES = (b"rDlPtS\xcd\xe6\xd7\x7b\x0b\x2a", b"nS5W7dT\x83\xaa\x1b\x0f\x6a")
PLACES = {1: Struct("<32xII"), 2: Struct("<16x24xQQ")}
CHUNK_MAGIC = b"zlb\x1a"
SLICE = b"idska32\x1a"
STRETCH = 1 * MIB
SALT = 8
LZMA2_FIRST = (0x01, 0xE0)  # first byte of LZMA2: a block as it is, or from 0xE0 on
LZMA2_LARGEST = 40
LARGEST = 64 * MIB
PROGRAM = b"MZ"
SCRIPT = b"[script]"


def unpack_program(program: Reader, table: int) -> Iterator[Item]:
    """Yield what a program of Inno Setup holds.

    Args:
        program: the whole of it.
        table: place of its table.

    Raises:
        Malformed: header or data are damaged. What could be read has been yielded.
    """
    revision = int.from_bytes(program.at(table + 12, 4), "little")
    layout = PLACES.get(revision, PLACES[1])
    fields = program.at(table, layout.size)
    header, data = layout.unpack(fields) if len(fields) == layout.size else (0, 0)
    if program.at(header, len(inno_header.MAGIC)) != inno_header.MAGIC:
        yield from _searched(program)
        return
    start = min(data, program.size) if data else program.size
    content = program.slice(start, program.size - start)
    yield from _all(program.slice(header, program.size - header), content)


def unpack_without_table(program: Reader, header: int) -> Iterator[Item]:
    """Yield what a program holds whose table is not known.

    Args:
        program: the whole of it.
        header: place of its header.
    """
    front = program.slice(header, program.size - header)
    with suppress(Malformed):
        yield from _script(front)
    yield from _searched(program)


def _script(header: Reader) -> Iterator[Item]:
    for block in islice(inno_header.blocks(header), 1):
        yield Part(block, SCRIPT, header.size)


def unpack(data: Reader) -> Iterator[Item]:
    """Yield what a header, or a slice of the data, holds on its own.

    Raises:
        Malformed: it is damaged. What could be read has been yielded.
    """
    if data.at(0, len(SLICE)) == SLICE:
        yield from _searched(data)
    else:
        yield from _all(data, Reader.of(b""))


def _all(header: Reader, data: Reader) -> Iterator[Item]:
    fault: Malformed | None = None
    known: list[Location] = []
    try:
        for number, block in enumerate(islice(inno_header.blocks(header), 2)):
            if number:
                table = block.take(inno_header.MOST_BLOCK)
                known = inno_header.locations(table, data.size)
            else:
                yield Part(block, SCRIPT, header.size)
    except Malformed as error:
        fault = error
    if known:
        version = inno_header.version(header.at(0, inno_header.FRONT))
        yield from _chunks(data, known, version)
    elif data.size:
        yield from _searched(data)
    if not data.size:  # it is in files of their own
        yield Gap(Reason.TRUNCATED)
    if fault is not None:
        raise fault


def _chunks(
    data: Reader, known: list[Location], version: tuple[int, ...]
) -> Iterator[Item]:
    chunks: dict[int, list[Location]] = {}
    for each in known:
        if not each.slice:
            chunks.setdefault(each.chunk, []).append(each)
    places = sorted(chunks)
    fault: Malformed | None = None
    for place, end in zip(places, [*places[1:], data.size], strict=True):
        try:
            inside = data.slice(0, min(end, data.size))
            yield from _files(inside, chunks[place], version)
        except Malformed as error:
            fault = error
    if fault is not None:
        raise fault


def _files(
    data: Reader, files: list[Location], version: tuple[int, ...]
) -> Iterator[Item]:
    """Yield the files of a chunk."""
    place, packed = files[0].chunk, files[0].packed
    if data.at(place, len(CHUNK_MAGIC)) != CHUNK_MAGIC:
        raise Malformed(NAME, min(place, data.size), "chunk")
    start = place + len(CHUNK_MAGIC)
    there = min(packed, data.size - start)
    stream = _content(data.slice(start, there))
    if stream is None:
        yield Gap(Reason.ENCRYPTED)
        return
    offset = 0
    for number, each in enumerate(sorted(files, key=lambda file: file.start)):
        if each.start < offset:
            continue  # the same content for another file
        stream.skip(each.start - offset)
        content = stream.part(each.size)
        name = b"chunk %d file %d" % (place, number)
        yield Part(_restored(content, each.flags, version), name, packed)
        offset = each.start + each.size
    if there < packed:
        raise Truncated(NAME, data.size, "chunk")


def _restored(content: Stream, flags: int, version: tuple[int, ...]) -> Stream:
    changed = bool(flags & CALLS)
    if version >= inno_header.LAST_FLAGS:  # what the flags mean is not known
        front = content.take(len(PROGRAM))
        changed = front == PROGRAM
        tail = content.tail(front)
        content = tail if isinstance(tail, Stream) else content
    if not changed:
        return content
    return Stream(restored(content, turned=version >= inno_header.TURNING))


def _searched(data: Reader) -> Iterator[Item]:
    """Yield each chunk that begins somewhere, up to where the next one does."""
    begun = -1
    for place in chain(_places(data), (data.size,)):
        if begun >= 0:
            start = begun + len(CHUNK_MAGIC)
            stream = _content(data.slice(start, place - start))
            if stream is None:
                yield Gap(Reason.ENCRYPTED)
            else:
                yield Part(stream, b"chunk %d" % begun, place - begun)
        begun = place
    if next(_places(data), None) is None:
        yield Gap(Reason.UNSUPPORTED)


def _places(data: Reader) -> Iterator[int]:
    base = 0
    while stretch := data.at(base, STRETCH + len(CHUNK_MAGIC) - 1):
        place = stretch.find(CHUNK_MAGIC)
        while place >= 0:
            yield base + place
            place = stretch.find(CHUNK_MAGIC, place + 1)
        base += STRETCH


def _content(chunk: Reader) -> Stream | None:
    """Return what a chunk holds, None if nothing tells how."""
    head = chunk.at(0, 8)
    if is_lzma(head):
        return Stream(unpacked(chunk, NAME))
    if head.startswith(b"BZh"):
        return Stream(_frames(chunk, bz2.BZ2Decompressor))
    if head[:1] == b"\x78" and int.from_bytes(head[:2], "big") % 31 == 0:
        return Stream(_frames(chunk, lambda: Zlib(zlib.MAX_WBITS)))
    if len(head) > 1 and head[0] <= LZMA2_LARGEST:
        first, least = LZMA2_FIRST
        if head[1] == first or head[1] >= least:
            size = (2 | head[0] & 1) << (head[0] // 2 + 11)
            chain = [{"id": lzma.FILTER_LZMA2, "dict_size": min(size, LARGEST)}]
            body = chunk.slice(1, chunk.size - 1)

            def begin() -> Decompressor:
                return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)

            return Stream(_frames(body, begin))
    if head.startswith(PROGRAM) or head.isascii():
        return Stream(chunk.chunks())
    return None


def _frames(content: Reader, begin: Callable[[], Decompressor]) -> Iterator[bytes]:
    return iter(
        Frames(
            NAME,
            Cursor(content),
            lambda _: begin(),
            once=True,
            errors=(zlib.error, lzma.LZMAError, OSError, ValueError),
        )
    )
