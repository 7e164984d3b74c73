"""Unpack compiled HTML help.

Layout, numbers little-endian (M. Russotto, "Microsoft's HTML Help (.chm) format"):

    0    "ITSF", version (4); at 72 offset (8) and size (8) of the directory; at 88,
         from version 3 on, offset of the content (8), else behind the directory
    directory: "ITSP"; at 8 size of this header (4), at 16 size of a chunk (4); behind
         it chunks. "PMGL": at 4 free bytes at the end (4), from 20 on entries: length
         of the name, name, section, offset, size, numbers in groups of seven bits
    content: section 0 as it is, section 1 compressed with LZX

Section 1 is the file "::DataSpace/Storage/MSCompressed/Content" of section 0. Others
beside it say its window and how often it begins anew ("ControlData"), and its size (the
reset table). It is unpacked once, and what no entry names is a part as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.lz import lzx
from clearward.formats.lz.lzx_codes import SLOTS

NAME = "chm"
HEADER = Struct("<4sI64xQQQ")
DIRECTORY = Struct("<4s4xI4xI")
CONTENT_SAID = 3  # version from which the header has the offset of the content
LISTING = b"PMGL"
LISTING_START = 20
CHUNK_SIZES = range(64, 1 << 20)
STORAGE = b"::DataSpace/Storage/MSCompressed/"
COMPRESSED = STORAGE + b"Content"
CONTROL = STORAGE + b"ControlData"
RESETS = b"/InstanceData/ResetTable"
CONTROL_FIELDS = Struct("<4x4sIII")  # "LZXC", version, reset interval, window
LZXC = b"LZXC"
UNITS = 2  # version from which sizes are counted in frames
RESETS_SIZE = 16  # offset of the size of section 1
NUMBER_MOST = 10  # bytes of a number


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the directory.

    Attributes:
        name: raw.
        section: 0, or 1 for the compressed one.
        offset: in its section, in bytes.
        size: bytes.
    """

    name: bytes
    section: int
    offset: int
    size: int


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the files of both sections, each in the order of their offsets.

    Raises:
        Malformed: a header or the compressed section is damaged. What could be read
            before that has been yielded.
        Truncated: the file ends early.
    """
    head = reader.at(0, HEADER.size)
    if len(head) < HEADER.size:
        raise Truncated(NAME, len(head), "header length")
    _, version, start, size, content = HEADER.unpack(head)
    if version < CONTENT_SAID:
        content = start + size
    entries: list[Entry] = []
    fault: Malformed | None = None
    try:
        entries.extend(_entries(reader, start, size))
    except Malformed as error:
        fault = error
    entries.sort(key=lambda each: each.offset)
    yield from _plain(reader, content, entries)
    yield from _compressed(reader, content, entries)
    if fault is not None:
        raise fault


def _entries(reader: Reader, start: int, size: int) -> Iterator[Entry]:
    head = reader.at(start, DIRECTORY.size)
    if len(head) < DIRECTORY.size:
        raise Truncated(NAME, min(start, reader.size), "directory")
    magic, length, chunk = DIRECTORY.unpack(head)
    if magic != b"ITSP" or chunk not in CHUNK_SIZES:
        raise Malformed(NAME, start, "directory")
    end = min(start + size, reader.size)
    for offset in range(start + length, end, chunk):
        data = reader.at(offset, min(chunk, end - offset))
        if data.startswith(LISTING):
            free = int.from_bytes(data[4:8], "little")
            yield from _listed(data[: max(len(data) - free, 0)], offset)
    if start + size > reader.size:
        raise Truncated(NAME, reader.size, "directory")


def _listed(data: bytes, offset: int) -> Iterator[Entry]:
    at = LISTING_START
    try:
        while at < len(data):
            length, at = _number(data, at)
            name = data[at : at + length]
            at += length
            section, at = _number(data, at)
            place, at = _number(data, at)
            size, at = _number(data, at)
            if size and not name.endswith(b"/"):
                yield Entry(name, section, place, size)
    except IndexError:
        raise Malformed(NAME, offset, "entry") from None


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number and where it ends.

    Raises:
        IndexError: the data end inside it, or it is longer than any.
    """
    value = 0
    for place in range(at, at + NUMBER_MOST):
        value = value << 7 | data[place] & 127
        if data[place] < 128:  # noqa: PLR2004 - the high bit says that it goes on
            return value, place + 1
    raise IndexError


def _slice(reader: Reader, start: int, size: int) -> Reader:
    start = min(start, reader.size)
    return reader.slice(start, min(size, reader.size - start))


def _plain(reader: Reader, content: int, entries: list[Entry]) -> Iterator[Item]:
    for each in entries:
        if each.section == 0 and each.name != COMPRESSED:
            data = _slice(reader, content + each.offset, each.size)
            yield Part(data, each.name)
            if data.size < each.size:
                yield Gap(Reason.TRUNCATED, each.name)
        elif each.section > 1:
            yield Gap(Reason.UNSUPPORTED, each.name)


def _compressed(reader: Reader, content: int, entries: list[Entry]) -> Iterator[Item]:
    files = [each for each in entries if each.section == 1]
    plain = {each.name: each for each in entries if each.section == 0}
    stored = plain.get(COMPRESSED)
    control = plain.get(CONTROL)
    if stored is None or control is None:
        if files:
            yield Gap(Reason.CORRUPT, COMPRESSED)
        return
    size = max((each.offset + each.size for each in files), default=0)
    for each in plain.values():
        if each.name.endswith(RESETS):
            said = reader.at(content + each.offset + RESETS_SIZE, 8)
            size = max(size, int.from_bytes(said, "little"))
    window, reset = _control(reader.at(content + control.offset, CONTROL_FIELDS.size))
    if not window:
        yield Gap(Reason.UNSUPPORTED, COMPRESSED)
        return
    packed = _slice(reader, content + stored.offset, stored.size)
    whole = Stream(lzx.expand(packed, NAME, window, size, reset))
    yield from _files(whole, files, size, packed.size)


def _control(data: bytes) -> tuple[int, int]:
    """Return the bits of the window and the frames of an interval; 0 if unknown."""
    if len(data) < CONTROL_FIELDS.size:
        return 0, 0
    magic, version, reset, window = CONTROL_FIELDS.unpack(data)
    unit = 1 if version >= UNITS else lzx.FRAME
    bits = (window // unit * lzx.FRAME).bit_length() - 1
    if magic != LZXC or bits not in SLOTS:
        return 0, 0
    return bits, reset // unit


def _files(whole: Stream, files: list[Entry], size: int, packed: int) -> Iterator[Item]:
    """Cut the files out of the section, and what lies between them."""
    at = 0
    for each in files:
        if each.offset < at:  # it shares bytes with the one before
            yield Gap(Reason.CORRUPT, each.name)
            continue
        if each.offset > at:
            yield Part(whole.part(each.offset - at))
        yield Part(whole.part(each.size), each.name, packed)
        at = each.offset + each.size
    if at < size:
        yield Part(whole.part(size - at))
    whole.skip(0)
