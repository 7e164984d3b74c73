"""Unpack xar archives: packages of macOS.

Layout, numbers big-endian (xar format, xar.h and its table of contents):

    offset  length  field
    0       4       magic, "xar!"
    4       2       size of this header
    8       8       size of the packed table of contents
    16      8       size of the table
            table of contents, XML in a zlib stream; then the heap

    <file><name/><data><offset/><size/><length/><encoding style=""/></data></file>

Offsets count from the start of the heap; `length` is what the content takes there,
`size` what it has. Extended attributes (<ea>) are laid out as <data> is.
"""

from collections.abc import Iterator
from xml.parsers import expat

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import CHUNK, Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded, Zlib
from clearward.formats.inflate import Frames

NAME = "xar"
MAGIC = b"xar!"
HEADER_SIZE = 28
MOST = 64 * MIB  # of a table of contents
DEEPEST = 1000  # elements in elements
PLAIN = "application/octet-stream"
ZLIB = "application/x-gzip"  # a zlib stream, in spite of its name
# What is packed in a format with a magic is a part that is opened as that.
PACKED = {
    "application/x-bzip2": b"BZh",
    "application/x-xz": b"\xfd7zXZ\0",
    "application/x-lzma": b"\x5d",
}
Fields = dict[str, str]


def unpack(archive: Reader) -> Iterator[Item]:
    """Yield the content and the attributes of each file.

    Raises:
        Malformed: the table is wrong, or a file lies outside the heap. What came
            before has been yielded.
        Truncated: the table has no end.
        Undecoded: size-limit, a table of more than 64 MiB.
    """
    header = archive.at(0, HEADER_SIZE)
    if len(header) < HEADER_SIZE or not header.startswith(MAGIC):
        raise Malformed(NAME, 0, "header")
    start = int.from_bytes(header[4:6], "big")
    packed = int.from_bytes(header[8:16], "big")
    if packed > archive.size - start:
        raise Truncated(NAME, archive.size, "table of contents")
    damage = None
    for fields in _listed(archive.slice(start, packed)):
        try:
            yield from _content(archive, start + packed, fields)
        except Malformed as error:
            damage = damage or error
    if damage is not None:
        raise damage


def _content(archive: Reader, heap: int, fields: Fields) -> Iterator[Item]:
    try:
        place, size = heap + int(fields["offset"]), int(fields["length"])
    except (KeyError, ValueError):
        raise Malformed(NAME, heap, "place of a file") from None
    if place < heap or size < 0 or size > archive.size - place:
        raise Truncated(NAME, archive.size, "place of a file")
    name = fields.get("name", "").encode("utf-8", "replace")
    inside = archive.slice(place, size)
    style = fields.get("encoding", PLAIN)
    if style == ZLIB:
        frames = Frames(NAME, Cursor(inside), lambda _: Zlib(47), once=True)
        yield Part(Stream(iter(frames)), name, packed=size)
        return
    yield Part(inside, name, packed=size)
    if style != PLAIN and not (
        style in PACKED and inside.at(0, 6).startswith(PACKED[style])
    ):
        yield Gap(Reason.UNSUPPORTED, name)


def _listed(table: Reader) -> Iterator[Fields]:
    """Yield the fields of each content that the table names.

    Raises:
        Malformed: it is no zlib stream, or no XML.
    """
    contents = _Contents()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = contents.begin
    parser.EndElementHandler = contents.end
    parser.CharacterDataHandler = contents.text
    parser.StartDoctypeDeclHandler = contents.refuse
    unpacked = Frames(NAME, Cursor(table), lambda _: Zlib(15), once=True)
    size = 0
    try:
        for chunk in unpacked:
            size += len(chunk)
            if size > MOST:
                raise Undecoded(NAME, table.size, "table", Reason.SIZE_LIMIT)
            for start in range(0, len(chunk), CHUNK // 4):
                parser.Parse(chunk[start : start + CHUNK // 4], False)  # noqa: FBT003
                yield from contents.ready()
        parser.Parse(b"", True)  # noqa: FBT003 - as pyexpat has it
    except (expat.ExpatError, LookupError, ValueError):  # the last two: its encoding
        yield from contents.ready()
        raise Malformed(NAME, HEADER_SIZE, "table of contents") from None


class _Contents:
    """What the parser met so far."""

    def __init__(self) -> None:
        self._names: list[str] = []  # of the files around
        self._path: list[str] = []  # elements around
        self._open: Fields | None = None  # of a <data> or <ea>
        self._waiting: list[list[Fields]] = []  # of each file around, until it ends
        self._done: list[Fields] = []
        self._text = ""

    def ready(self) -> list[Fields]:
        """Return what is complete, once."""
        done, self._done = self._done, []
        return done

    def refuse(self, *_: object) -> None:
        """Entities are not needed: nothing is declared."""
        raise Malformed(NAME, HEADER_SIZE, "document type")

    def begin(self, tag: str, attributes: Fields) -> None:
        """Take note of an element that begins."""
        if len(self._path) == DEEPEST:
            raise Malformed(NAME, HEADER_SIZE, "depth")
        self._path.append(tag)
        self._text = ""
        if tag == "file":
            self._names.append("")
            self._waiting.append([])
        elif tag in {"data", "ea"}:
            self._open = {}
        elif tag == "encoding" and self._open is not None:
            self._open[tag] = attributes.get("style", "")

    def text(self, text: str) -> None:
        """Take note of text; only short ones matter."""
        if len(self._text) < CHUNK:
            self._text += text

    def end(self, tag: str) -> None:
        """Take note of an element that ends."""
        self._path.pop()
        around = self._path[-1] if self._path else ""
        if tag in {"offset", "length"} and self._open is not None:
            self._open[tag] = self._text.strip()
        elif tag == "name" and around == "file":
            self._names[-1] = self._text
        elif tag in {"data", "ea"} and self._open is not None:
            (self._waiting[-1] if self._waiting else self._done).append(self._open)
            self._open = None
        elif tag == "file":
            name = "/".join(self._names)[:CHUNK]
            self._names.pop()
            self._done += ({**each, "name": name} for each in self._waiting.pop())
