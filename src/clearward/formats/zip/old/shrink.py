"""Decode zip's method 1, shrink.

Layout, low bits first (APPNOTE 5.1): LZW with codes of 9 to 13 bits. Code 256 is
followed by 1 to make codes one bit longer, or by 2 to forget every string that no other
one continues. New strings take the lowest code from 257 on that is free.
"""

from collections.abc import Iterator
from heapq import heappop, heappush

from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, LowBits
from clearward.formats.lz.output import Output, expanded

NAME = "zip"
CONTROL = 256
LONGER = 1
FORGET = 2
FIRST_BITS = 9
MOST_BITS = 13
NONE = -1


def expand(reader: Reader, size: int) -> Iterator[bytes]:
    """Yield what a stream unpacks to.

    Args:
        reader: the stream.
        size: bytes that it unpacks to.

    Raises:
        Malformed: a code stands for nothing. What stands before it was yielded.
        Truncated: the stream ends early; the same.
    """
    output = Output(0)
    yield from expanded(_steps(LowBits(reader, NAME), output, size), output)


class _Strings:
    """The strings that codes stand for: one of another code, and a byte."""

    def __init__(self) -> None:
        self.prefix = [NONE] * (1 << MOST_BITS)
        self.last = [*range(256), *bytes((1 << MOST_BITS) - 256)]
        self._continued = [0] * (1 << MOST_BITS)
        self._free = list(range(CONTROL + 1, 1 << MOST_BITS))
        self._ends: set[int] = set()

    def add(self, prefix: int, last: int) -> None:
        """Give the lowest free code to a string, if there is one."""
        if not self._free:
            return
        code = heappop(self._free)
        self.prefix[code] = prefix
        self.last[code] = last
        self._ends.add(code)
        self._ends.discard(prefix)
        self._continued[prefix] += 1

    def forget(self) -> None:
        """Free the codes of strings that no other one continues.

        It costs no more than these strings did, so repeating it costs nothing.
        """
        freed, self._ends = self._ends, set()
        for code in freed:
            prefix = self.prefix[code]
            self.prefix[code] = NONE
            self._continued[code] = 0
            heappush(self._free, code)
            self._continued[prefix] -= 1
            if self._continued[prefix] <= 0 and prefix > CONTROL:
                self._ends.add(prefix)
        self._ends -= freed

    def known(self, code: int) -> bool:
        """Say whether a code stands for a string."""
        return code < CONTROL or self.prefix[code] != NONE

    def string(self, code: int) -> bytes:
        """Return the string of a code; of a circle no more than there are codes."""
        found = bytearray()
        while code >= CONTROL and code != NONE and len(found) <= 1 << MOST_BITS:
            found.append(self.last[code])
            code = self.prefix[code]
        if 0 <= code < CONTROL:
            found.append(code)
        found.reverse()
        return bytes(found)


def _steps(bits: Bits, output: Output, left: int) -> Iterator[None]:
    strings = _Strings()
    width = FIRST_BITS
    before = NONE
    first = 0
    while left > 0:
        code = bits.take(width)
        if code == CONTROL:
            width = _control(bits, strings, width)
            continue
        if strings.known(code):
            piece = strings.string(code)
        elif before == NONE:
            raise bits.bad("code")
        else:
            piece = strings.string(before) + bytes((first,))
        first = piece[0]
        if before != NONE:
            strings.add(before, first)
        before = code
        output.data += piece[:left]
        left -= len(piece)
        if len(output.data) >= output.most:
            yield


def _control(bits: Bits, strings: _Strings, width: int) -> int:
    """Follow a control code; return the width of the next codes."""
    control = bits.take(width)
    if control == LONGER and width < MOST_BITS:
        return width + 1
    if control != FORGET:
        raise bits.bad("control code")
    strings.forget()
    return width
