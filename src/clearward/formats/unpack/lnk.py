"""Unpack Windows shortcuts: what they say as text, and what is appended to them.

Numbers little-endian, text UTF-16 or of one byte a letter:

    offset  length  field
    0       20      size of the header, 76, and the class of shortcuts
    20      4       flags: 1 list of items, 2 link info, 4 name, 8 relative path, 10
                    working folder, 20 arguments, 40 icon, 80 text is UTF-16
    76              list of items: length (2) and so many bytes
                    link info: length (4), which counts itself
                    the texts: length in letters (2) and the letters
                    blocks: length (4), which counts itself, signature (4), fields;
                    one shorter than 4 is the last

All but the texts stands in the part as it is, for rules to match. The texts are yielded
together, a line each, as UTF-8: commands are hidden in arguments behind many blanks and
in UTF-16. Blocks that name a target or an icon have such a text, too. What lies behind
the last block belongs to no shortcut and is a part of its own.

Source: MS-SHLLINK 2.1 to 2.5.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item, Part
from clearward.core.reader import Cursor, Reader

NAME = "lnk"
HEADER_SIZE = 76
HAS_ITEMS, HAS_INFO, IS_WIDE = 1, 2, 0x80
TEXTS = (4, 8, 0x10, 0x20, 0x40)  # flags, in the order of the texts
LAST = 4  # a block shorter than this ends the shortcut
WITH_TARGET = frozenset({0xA0000001, 0xA0000006, 0xA0000007})
TARGET = 268  # of a block, behind length, signature and the text in letters of a byte
MOST_BLOCK = 64 * 1024  # bytes of a block that are looked at

_FLAGS = Struct("<20xI")
_SHORT = Struct("<H")
_LONG = Struct("<I")
_PADDING = b"\0\r\n\t "


def unpack(shortcut: Reader) -> Iterator[Item]:
    """Yield the texts of a shortcut, and what is appended to it.

    Raises:
        Truncated: the shortcut ends inside a field. The texts before it were yielded.
        Malformed: a field says that it is shorter than itself; the same.
    """
    source = Cursor(shortcut, HEADER_SIZE)
    texts: list[str] = []
    fault = None
    try:
        _read(shortcut, source, texts)
    except Malformed as error:
        fault = error
    text = "\n".join(filter(None, texts)).encode("utf-8", "replace")
    if text:
        yield Part(Reader.of(text), b"texts")
    if fault is not None:
        raise fault
    rest = source.tail(b"")
    if rest is not None and shortcut.at(source.offset, MOST_BLOCK).strip(_PADDING):
        yield Part(rest, b"appended")


def _read(shortcut: Reader, source: Cursor, texts: list[str]) -> None:
    """Pass over a shortcut and collect its texts."""
    head = shortcut.at(0, HEADER_SIZE)
    if len(head) < HEADER_SIZE:
        raise Truncated(NAME, len(head), "header")
    (flags,) = _FLAGS.unpack_from(head)
    if flags & HAS_ITEMS:
        _skip(source, _number(source, _SHORT), "list of items")
    if flags & HAS_INFO:
        size = _number(source, _LONG)
        if size < _LONG.size:
            raise Malformed(NAME, source.offset - _LONG.size, "length of the link info")
        _skip(source, size - _LONG.size, "link info")
    width = 2 if flags & IS_WIDE else 1
    for flag in TEXTS:
        if flags & flag:
            size = _number(source, _SHORT) * width
            data = source.take(size)
            texts.append(_text(data, wide=width > 1))
            if len(data) < size:
                raise Truncated(NAME, source.offset, "text")
    _blocks(source, texts)


def _blocks(source: Cursor, texts: list[str]) -> None:
    """Pass over the blocks and collect the targets and icons that they name."""
    while True:
        start = source.offset
        size = source.take(_LONG.size)
        if not size.strip(b"\0"):
            return  # programs leave out the last block
        if len(size) < _LONG.size:
            raise Truncated(NAME, start, "length of a block")
        (length,) = _LONG.unpack(size)
        if length < LAST:
            return
        block = size + source.take(min(length, MOST_BLOCK) - _LONG.size)
        if block[4:8] and int.from_bytes(block[4:8], "little") in WITH_TARGET:
            texts.append(_text(block[TARGET:], wide=True))
        _skip(source, length - len(block), "block")


def _number(source: Cursor, field: Struct) -> int:
    start = source.offset
    data = source.take(field.size)
    if len(data) < field.size:
        raise Truncated(NAME, start, "length")
    (number,) = field.unpack(data)
    return int(number)


def _skip(source: Cursor, size: int, field: str) -> None:
    if source.skip(size) < size:
        raise Truncated(NAME, source.offset, field)


def _text(data: bytes, *, wide: bool) -> str:
    """Return a text without what stands behind a zero, where only padding does."""
    text = data.decode("utf-16-le" if wide else "latin-1", "replace")
    return text.rstrip("\0").replace("\0", "\n")
