"""Decode LZW with codes that grow, as compress, ARC and ZOO write it.

Layout, low bits first: codes of 9 bits and more; below 256 they are bytes. Each code
but the first gives the next free code to the string before it and the first byte of its
own. When codes up to the last one of a width are given, following codes are a bit
longer. Code 256 begins anew.

compress and ARC write codes in groups of eight, and pass over what is left of a group
when the width changes. ZOO has an end code, 257.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Truncated
from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, LowBits
from clearward.formats.lz.output import Output, expanded

CLEAR = 256
FIRST_BITS = 9
GROUP = 8
NONE = -1


@dataclass(frozen=True, slots=True)
class Kind:
    """Which of the kinds of LZW.

    Attributes:
        bits: of the longest codes.
        groups: codes come in groups of eight.
        end: the code that ends the stream, 0 if there is none.
    """

    bits: int
    groups: bool
    end: int = 0


def expand(reader: Reader, format: str, kind: Kind) -> Iterator[bytes]:
    """Yield what a stream unpacks to, up to its end code or the end of its bytes.

    Raises:
        Malformed: a code stands for nothing. What stands before it was yielded.
    """
    output = Output(0)
    decoder = _Decoder(LowBits(reader, format), output, kind)
    yield from expanded(decoder.steps(), output)


class _Decoder:
    """One stream on its way out."""

    __slots__ = ("_bits", "_count", "_first", "_kind", "_output", "_strings", "_width")

    def __init__(self, bits: Bits, output: Output, kind: Kind) -> None:
        self._bits = bits
        self._output = output
        self._kind = kind
        self._first = max(CLEAR, kind.end) + 1
        self._strings: list[tuple[int, int, int]] = []  # code before, byte, length
        self._width = FIRST_BITS
        self._count = 0  # codes of this width

    def steps(self) -> Iterator[None]:
        """Decode."""
        before = NONE
        while (code := self._next()) != NONE:
            if code == CLEAR:
                self._strings.clear()
                self._to(FIRST_BITS)
                before = NONE
                continue
            piece = self._piece(code, before)
            if before != NONE:
                self._add(before, piece[0])
            before = code
            self._output.data += piece
            if len(self._output.data) >= self._output.most:
                yield

    def _next(self) -> int:
        """Return the next code, or `NONE` at the end."""
        try:
            code = self._bits.take(self._width)
        except Truncated:
            return NONE
        self._count += 1
        return NONE if self._kind.end and code == self._kind.end else code

    def _to(self, width: int) -> None:
        """Go on with codes of another width."""
        over = self._count % GROUP
        if self._kind.groups and over:
            try:
                for _ in range(GROUP - over):
                    self._bits.drop(self._width)
            except Truncated:
                pass  # the last group is as long as it needs to be
        self._width = width
        self._count = 0

    def _piece(self, code: int, before: int) -> bytes:
        """Return the string of a code, which may be the one that comes to be now."""
        free = self._first + len(self._strings)
        if code < free and not CLEAR <= code < self._first:
            return self._string(code)
        if code != free or before == NONE:
            raise self._bits.bad("code")
        string = self._string(before)
        return string + string[:1]

    def _string(self, code: int) -> bytes:
        if code < CLEAR:
            return bytes((code,))
        length = self._strings[code - self._first][2]
        found = bytearray(length)
        for at in range(length - 1, 0, -1):
            code, found[at], _ = self._strings[code - self._first]
        found[0] = code
        return bytes(found)

    def _add(self, before: int, byte: int) -> None:
        """Give the next code to a string, if there is one."""
        free = self._first + len(self._strings)
        if free >= 1 << self._kind.bits:
            return
        length = 1 if before < CLEAR else self._strings[before - self._first][2]
        self._strings.append((before, byte, length + 1))
        if free + 1 == 1 << self._width and self._width < self._kind.bits:
            self._to(self._width + 1)
