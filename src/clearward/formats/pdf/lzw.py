"""The LZW filter of PDF: codes of 9 to 12 bits, most significant bit first.

Code 256 empties the table, 257 ends the data, others name a string of the table.
Source: ISO 32000-1, 7.4.4; EarlyChange is 1 unless the parameters say 0.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.reader import CHUNK

CLEAR = 256
END = 257
MOST_CODES = 4096
SINGLE = [bytes((value,)) for value in range(256)] + [b"", b""]


class _Table:
    """Strings that codes stand for, and how long the next code is."""

    def __init__(self, early: int) -> None:
        self._early = early
        self.clear()

    def clear(self) -> None:
        self._strings = SINGLE[:]
        self._before = b""
        self.width = 9

    def take(self, code: int) -> bytes | None:
        """Return what a code stands for, None if it stands for nothing."""
        strings, before = self._strings, self._before
        if code < len(strings):
            entry = strings[code]
        elif code == len(strings) and before:
            entry = before + before[:1]
        else:
            return None
        if before and len(strings) < MOST_CODES:
            strings.append(before + entry[:1])
            width = (len(strings) + self._early).bit_length()
            self.width = min(max(width, 9), 12)
        self._before = entry
        return entry


def lzw(source: Iterator[bytes], early: int) -> Iterator[bytes]:
    """Yield what LZW codes stand for.

    Args:
        source: the codes.
        early: 1 if the codes grow one code early.

    Raises:
        Malformed: a code that is not in the table yet.
    """
    table = _Table(early)
    output: list[bytes] = []
    size = 0
    for code in _codes(source, table):
        if code == CLEAR:
            table.clear()
            continue
        if code == END:
            break
        entry = table.take(code)
        if entry is None:
            yield b"".join(output)
            raise Malformed("pdf", 0, "LZW code")
        output.append(entry)
        size += len(entry)
        if size > CHUNK:
            yield b"".join(output)
            output, size = [], 0
    yield b"".join(output)


def _codes(source: Iterator[bytes], table: _Table) -> Iterator[int]:
    bits = held = 0
    for chunk in source:
        for byte in chunk:
            held = (held << 8) | byte
            bits += 8
            if bits >= table.width:
                bits -= table.width
                yield held >> bits
                held &= (1 << bits) - 1
