"""Read the header of a 7z archive.

Layout (7zFormat.txt in the LZMA SDK), as far as it is read here:

    header          01; archive properties 02, additional streams 03, main streams 04,
                    files 05; 00
    files           05, number; properties with their lengths: empty streams 0E,
                    which of these are files 0F, names 11 in UTF-16, others; 00

A number of files alone costs nothing: only streams and names are kept, and there are no
more of them than the bytes of the header allow.
"""

from codecs import utf_16_le_decode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from clearward.core.errors import Malformed
from clearward.core.part import Member, Mention
from clearward.formats.seven.fields import Fields
from clearward.formats.seven.streams import Content, read_streams

END, HEADER, ARCHIVE, ADDITIONAL, MAIN, FILES = range(6)
EMPTY_STREAMS, EMPTY_FILES, NAMES = 0x0E, 0x0F, 0x11


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says.

    Attributes:
        additional: streams beside the files.
        main: the files' streams.
        names: name of each member of the main streams, as far as they are stored.
        positions: likewise, of each among all files, counted from 1.
        empty: what the archive says of files without a byte.
        fault: what is wrong behind the streams, which are good nevertheless.
    """

    additional: tuple[Content, ...] = ()
    main: tuple[Content, ...] = ()
    names: tuple[bytes, ...] = ()
    positions: tuple[int, ...] = ()
    empty: tuple[Mention, ...] = ()
    fault: Malformed | None = None


def read_header(fields: Fields) -> Header:
    """Read a header that is not encoded, behind its first byte.

    Raises:
        Malformed: the description of the first streams is wrong, or there is none.
    """
    additional: tuple[Content, ...] = ()
    main: tuple[Content, ...] = ()
    try:
        while (kind := fields.byte()) in (ARCHIVE, ADDITIONAL, MAIN):
            if kind == ARCHIVE:
                _pass_properties(fields)
            elif kind == ADDITIONAL:
                additional += read_streams(fields)
            else:
                main += read_streams(fields)
        files = _read_files(fields, kind, main)
    except Malformed as fault:
        if not (additional or main):
            raise
        return Header(additional, main, fault=fault)
    names = tuple(one.name for one in files if one.member.size != 0)
    positions = tuple(one.member.position for one in files if one.member.size != 0)
    empty = tuple(one for one in files if one.member.size == 0)
    return Header(additional, main, names, positions, empty)


def _pass_properties(fields: Fields) -> None:
    while fields.byte():
        fields.skip_attribute()


def _read_files(
    fields: Fields, kind: int, main: tuple[Content, ...]
) -> tuple[Mention, ...]:
    """The files, folders left out; there is one that is not empty for each member."""
    if kind == END:
        return ()
    if kind != FILES:
        raise fields.wrong("property of the header")
    members = sum(len(content.members) for content in main)
    count = fields.number()
    empty = files = names = b""
    while kind := fields.byte():
        data = fields.take(fields.number())
        if kind == EMPTY_STREAMS:
            empty = data
        elif kind == EMPTY_FILES:
            files = data
        elif kind == NAMES and data[:1] == b"\0":
            names = data[1:]
    unused = max(8 * len(empty) - count, 0)
    if count - (int.from_bytes(empty) >> unused).bit_count() != members:
        raise fields.wrong("number of files")
    return tuple(_listed(empty, files, names, count))


def _listed(empty: bytes, files: bytes, names: bytes, count: int) -> Iterator[Mention]:
    """Yield every file that has a name; those with content are of unknown size."""
    # Not by the name of the encoding: that would load a module, which the jail refuses.
    text, _ = utf_16_le_decode(names, "replace", True)  # noqa: FBT003 - `final`
    position = without = 0
    for number, name in enumerate(islice(text.split("\0"), count)):
        nothing = _bit(empty, number)
        without += nothing
        if nothing and not _bit(files, without - 1):
            continue  # a folder
        position += 1
        yield Mention(name.encode(), Member(position, size=0 if nothing else None))


def _bit(bits: bytes, number: int) -> bool:
    place, bit = divmod(number, 8)
    return place < len(bits) and bool(bits[place] & 0x80 >> bit)
