"""The blocked method of ACE 2: LZ77, and between marks in it other ways of packing.

    mode 0      LZ77
    mode 1      LZ77 of differences: planes (8 bits), bytes (17 bits) at once
    mode 2      LZ77 of a program (8 bits: 0, calls have 16 bits): what calls and jumps
                lead to is written as a place in the file
    mode 3 to 6 sound
    mode 7      picture

Source: acefile by D. Roethlisberger, which describes the format.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from clearward.core.errors import Malformed
from clearward.formats.ace.bits import WordBits
from clearward.formats.ace.lz77 import Lz77, Window
from clearward.formats.ace.picture import Picture
from clearward.formats.ace.sound import Sound

PLAIN, DELTA, PROGRAM, PICTURE = 0, 1, 2, 7
SOUNDS = range(3, 7)
BRANCH = re.compile(rb"[\xe8\xe9]")
CALL = 0xE8
BEHIND_BRANCH = 4  # bytes that have to follow


@dataclass(frozen=True, slots=True)
class Mode:
    """What stands behind a mark.

    Attributes:
        kind: 0 to 7.
        planes: of differences.
        length: bytes of differences that belong together.
        narrow: calls have 16 bits.
    """

    kind: int = PLAIN
    planes: int = 1
    length: int = 0
    narrow: bool = False


def read_mode(bits: WordBits) -> Mode:
    """Read a mode.

    Raises:
        Malformed: there is no such mode.
    """
    kind = bits.take(8)
    if kind == DELTA:
        planes, length = bits.take(8), bits.take(17)
        if not 0 < planes <= length:
            raise bits.bad("planes")
        return Mode(kind, planes, length)
    if kind == PROGRAM:
        return Mode(kind, narrow=not bits.take(8))
    if kind > PICTURE:
        raise bits.bad("mode")
    return Mode(kind)


class Blocks:
    """What a stream unpacks to.

    Args:
        bits: the stream.
        window: what matches copy from.
        size: bytes that it unpacks to.
    """

    def __init__(self, bits: WordBits, window: Window, size: int) -> None:
        self._bits = bits
        self._window = window
        self._size = size
        self._lz77 = Lz77(bits, window)
        self._other: Sound | Picture | None = None
        self._mode = Mode()
        self._done = 0
        self._held = b""  # the front of a call whose end has not come yet
        self._last = 0  # byte of differences

    def __iter__(self) -> Iterator[bytes]:
        """Yield chunks.

        Raises:
            Malformed: the stream is damaged. What stands before that was yielded.
            Truncated: it ends early; the same.
        """
        while (left := self._size - self._done - len(self._held)) > 0:
            try:
                chunk = self._next(left)
            except Malformed:
                yield self._finished((self._other or self._lz77).rest()) + self._held
                raise
            self._done += len(chunk)
            yield chunk
        yield self._held

    def _next(self, left: int) -> bytes:
        if self._mode.kind == DELTA:
            return self._finished(self._differences())[:left]
        reading = self._other or self._lz77
        chunk = reading.read(left)
        if self._other is not None:
            self._window.register(chunk)
        chunk = self._finished(chunk)
        if reading.at_mode():
            self._switch(read_mode(self._bits))
        return chunk

    def _switch(self, mode: Mode) -> None:
        before, self._mode = self._mode, mode
        if mode.kind == before.kind:
            if self._other is not None:
                self._other.begin()
        elif mode.kind in SOUNDS:
            self._other = Sound(self._bits, mode.kind - SOUNDS.start)
        else:
            self._other = Picture(self._bits) if mode.kind == PICTURE else None

    def _differences(self) -> bytes:
        """Return the bytes whose differences come next, none before another mode."""
        mode, following = self._mode, None
        found = b""
        while len(found) < mode.length and (found or following is None):
            found += self._lz77.read(mode.length - len(found))
            if self._lz77.at_mode():
                if following is not None:
                    raise self._bits.bad("mode among differences")
                following = read_mode(self._bits)
        if following is not None:
            self._switch(following)
        if not found:
            return b""
        sums = accumulate(
            found, lambda total, byte: total + byte & 255, initial=self._last
        )
        added = bytes(sums)[1:]
        self._last = added[-1]
        row = mode.length // mode.planes
        return b"".join(added[place::row] for place in range(row))

    def _finished(self, chunk: bytes) -> bytes:
        """Return a chunk behind what was held; of a program, as it was."""
        chunk, self._held = self._held + chunk, b""
        if self._mode.kind != PROGRAM:
            return chunk
        data = bytearray(chunk)
        place = 0
        while found := BRANCH.search(data, place):
            place = found.start()
            if place + BEHIND_BRANCH >= len(data):
                self._held = bytes(data[place:])
                return bytes(data[:place])
            wide = data[place] == CALL and not self._mode.narrow
            width = 4 if wide else 2
            operand = slice(place + 1, place + 1 + width)
            target = int.from_bytes(data[operand], "little") - self._done - place
            data[operand] = (target & (1 << 8 * width) - 1).to_bytes(width, "little")
            place += 1 + width
        return bytes(data)
