r"""Decode compressed RTF, as Outlook stores the text of a mail.

Layout (MS-OXRTFCP 2.1, 2.2), numbers little-endian:

    4 bytes   bytes that follow
    4 bytes   size of the text
    4 bytes   "LZFu" compressed, "MELA" not
    4 bytes   checksum, not checked
    runs      a byte of flags, from the lowest bit on, and for each a literal byte or
              two bytes: 12 bits place in a window of 4096 bytes, 4 bits length less 2

The window starts with words that are frequent in RTF. A copy from where the next byte
would go ends the text.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Cursor, Reader

NAME = "lzfu"
HEADER_SIZE = 16
PACKED, PLAIN = b"LZFu", b"MELA"
WINDOW = 4096
AT_ONCE = 1 << 16  # bytes

START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss "
    rb"\fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    rb"{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


class _Window:
    """The last bytes of the text, and what of it was not yet given."""

    def __init__(self) -> None:
        self._bytes = bytearray(START.ljust(WINDOW, b" "))
        self._place = len(START)
        self.out = bytearray()

    def put(self, byte: int) -> None:
        self.out.append(byte)
        self._bytes[self._place] = byte
        self._place = (self._place + 1) % WINDOW

    def copy(self, token: int) -> bool:
        """Copy what was before; False if the token ends the text."""
        start = token >> 4
        if start == self._place:
            return False
        for place in range(start, start + (token & 15) + 2):
            self.put(self._bytes[place % WINDOW])
        return True


def decoded(reader: Reader) -> Iterator[bytes]:
    """Yield the text in pieces.

    Raises:
        Malformed: it is neither compressed nor plain.
        Truncated: it ends before it says so.
    """
    header = reader.at(0, HEADER_SIZE)
    if header[8:12] == PLAIN:
        yield from reader.slice(HEADER_SIZE, reader.size - HEADER_SIZE).chunks()
    elif header[8:12] == PACKED:
        yield from _unpacked(reader, int.from_bytes(header[4:8], "little"))
    else:
        raise Malformed(NAME, min(8, reader.size), "kind")


def _unpacked(reader: Reader, size: int) -> Iterator[bytes]:
    source = Cursor(reader, HEADER_SIZE)
    window = _Window()
    out = window.out
    more, cut = True, False
    while size > len(out) and more:
        try:
            more = _run(window, source)
        except EOFError:
            more, cut = False, True
        if len(out) >= AT_ONCE or not more:
            yield bytes(out)
            size -= len(out)
            out.clear()
    if out:
        yield bytes(out)
    if cut:
        raise Truncated(NAME, reader.size, "run")


def _run(window: _Window, source: Cursor) -> bool:
    """Read a byte of flags and what belongs to it; False if the text ends there.

    Raises:
        EOFError: the bytes end first.
    """
    flags = _taken(source, 1)
    for bit in range(8):
        if not flags >> bit & 1:
            window.put(_taken(source, 1))
        elif not window.copy(_taken(source, 2)):
            return False
    return True


def _taken(source: Cursor, size: int) -> int:
    data = source.take(size)
    if len(data) < size:
        raise EOFError
    return int.from_bytes(data, "big")
