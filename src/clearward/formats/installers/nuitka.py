"""Unpack programs that Nuitka made of one file.

    "KAY", then a stream of zstd, in which for each file stand

    name      a zero behind it; in UTF-16 in programs for Windows
    flags     (1) but not for Windows
    size      (8), little-endian
    checksum  (4) if the files are kept between two runs
    content

An empty name ends it. Which fields there are is told by the first file, which is the
program itself. Where nothing is packed ("KAX") the files stand as they are.

Source: seen in programs made with Nuitka.
"""

from collections.abc import Iterator
from itertools import product

from backports.zstd import ZstdError

from clearward.core.errors import Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.formats.inflate import Frames
from clearward.formats.zstd_frames import begin

NAME = "nuitka"
MAGIC = b"KAY"
PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
SIZE = 8
LONGEST_NAME = 1024  # characters
WIDE = 2  # bytes of a character for Windows


def unpack(data: Reader) -> Iterator[Item]:
    """Yield the content of each file.

    Args:
        data: from the magic on.

    Raises:
        Malformed: the stream is damaged. What came before has been yielded.
        Truncated: it ends too early, or is of another layout.
    """
    packed = Cursor(data, len(MAGIC))
    frames = Frames(NAME, packed, begin, once=True, errors=(ZstdError,))
    stream = Stream(iter(frames))
    front = stream.take(2)
    width = WIDE if front[1:2] == b"\0" else 1
    rest = stream.tail(front)
    if not isinstance(rest, Stream):
        raise Truncated(NAME, data.size, "name")
    fields = None
    while name := _name(rest, width):
        if fields is None:
            fields, held = _first_fields(rest, width)
            content = rest.tail(held)
            if not isinstance(content, Stream):
                raise Truncated(NAME, data.size, "content")
            rest = content
        before, behind = fields
        size = int.from_bytes(rest.take(before + SIZE)[before:], "little")
        rest.take(behind)
        yield Part(rest.part(size), _shown(name, width), data.size)


def _name(stream: Stream, width: int) -> bytes:
    name = b""
    while len(letter := stream.take(width)) == width and any(letter):
        name += letter
        if len(name) > LONGEST_NAME * width:
            break
    return name


def _first_fields(stream: Stream, width: int) -> tuple[tuple[int, int], bytes]:
    """Return the bytes before and behind the size, and all that was taken."""
    held = stream.take(1 + SIZE + 4 + 4)
    for before, behind in product((0,) if width == WIDE else (1, 0), (0, 4)):
        if held[before + SIZE + behind :].startswith(PROGRAMS):
            return (before, behind), held
    return (width == 1, 0), held


def _shown(name: bytes, width: int) -> bytes:
    if width == 1:
        return name
    return name.decode("utf-16-le", "replace").encode(errors="replace")
