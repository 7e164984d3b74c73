"""Unpack the compressed sections of ELF programs.

A section with the flag 800h begins with its kind (1: zlib, 2: zstd), and the size and
alignment of its content: 12 bytes with 32 bits, 24 with 64. Before there was the flag,
the name of such a section began with ".z", and its bytes with "ZLIB" and a size of 8
bytes, big-endian.

Source: System V ABI, chapter 4, "Section Compression"; what linkers of GNU wrote.
"""

from collections.abc import Iterator

from backports.zstd import ZstdError

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats import zstd_frames
from clearward.formats.inflate import Frames
from clearward.formats.lz import packed
from clearward.formats.programs.elf_compressed import ZLIB, ZSTD, Section, sections

NAME = "elf-sections"


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the content of each compressed section, named as the section.

    Raises:
        Malformed: the content of a part is damaged. What stands before was yielded.
    """
    for section in sections(reader):
        content = reader.slice(section.start, section.size)
        stream = _stream(section, content)
        if stream is None:
            yield Gap(Reason.UNSUPPORTED, section.name)
            continue
        yield Part(stream, section.name, section.size)


def _stream(section: Section, content: Reader) -> Stream | None:
    if section.kind == ZLIB:
        return Stream(packed.unpacked(NAME, content, packed.zlib_stream))
    if section.kind == ZSTD:
        frames = Frames(NAME, Cursor(content), zstd_frames.begin, errors=(ZstdError,))
        return Stream(iter(frames))
    return None
