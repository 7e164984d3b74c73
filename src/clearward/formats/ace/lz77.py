"""The LZ77 of ACE: bytes, matches, and marks where another way of packing begins.

    block: code of symbols, code of lengths, number of symbols (15 bits), symbols
    0 to 255        a byte
    256 to 259      a match at one of the last four distances; length
    260 to 282      a match at a distance less 1 of so many bits; length
    283             a mode follows

A length is 2 more than it is written, 3 for the third and fourth last distance and
from 256 on, 4 from 8,192 on.

Source: acefile by D. Roethlisberger, after the technical information by M. Lemke.
"""

from clearward.core.limits import MIB
from clearward.core.reader import CHUNK
from clearward.formats.ace.bits import WordBits
from clearward.formats.ace.codes import read_code
from clearward.formats.ace.marks import Marked
from clearward.formats.lz.output import Output

WINDOW = 4 * MIB
WIDEST = 11
BYTES = 256
AGAIN = 260
MODE = 283
SYMBOLS = 284
LENGTHS = 255
NEAR, FAR = 256, 8192
LEAST_AGAIN = (2, 2, 3, 3)


class Window:
    """What was unpacked last, which the next file of a solid archive refers to."""

    def __init__(self) -> None:
        self.output = Output(WINDOW)

    def register(self, data: bytes) -> None:
        """Take bytes that were unpacked in another way."""
        self.output.data += data
        self.output.fresh()

    def restore(self, data: bytes) -> None:
        """Hold what was held before."""
        self.output = Output(WINDOW, data)


class Lz77(Marked):
    """One stream.

    Args:
        bits: where it is.
        window: what matches copy from.
    """

    def __init__(self, bits: WordBits, window: Window) -> None:
        self._bits = bits
        self._output = window.output
        self._left = 0  # symbols of the block
        self._last = [0, 0, 0, 0]  # distances, the newest last

    def read(self, most: int) -> bytes:
        """Return bytes up to a mode, up to `most`, or about as many as a chunk.

        Raises:
            Malformed: the stream is damaged. What came before is in `rest`.
        """
        data = self._output.data
        end = len(data) + most
        soon = len(data) + min(most, CHUNK)
        while len(data) < soon:
            if not self._left:
                self._symbols = read_code(self._bits, WIDEST, SYMBOLS)
                self._lengths = read_code(self._bits, WIDEST, LENGTHS)
                self._left = self._bits.take(15)
            self._left -= 1
            symbol = self._symbols.symbol(self._bits)
            if symbol < BYTES:
                data.append(symbol)
            elif symbol < MODE:
                self._match(symbol, end - len(data))
            elif symbol == MODE:
                self._marked = True
                break
            else:
                raise self._bits.bad("symbol")
        return self.rest()

    def rest(self) -> bytes:
        """Return what was unpacked and not given yet."""
        return self._output.fresh()

    def _match(self, symbol: int, most: int) -> None:
        bits, last = self._bits, self._last
        if symbol < AGAIN:
            length = self._lengths.symbol(bits)
            which = symbol - BYTES
            length += LEAST_AGAIN[which]
            distance = last.pop(3 - which)
        else:
            distance = bits.sized(symbol - AGAIN)
            length = self._lengths.symbol(bits) + 2
            length += (distance >= NEAR) + (distance >= FAR)
            del last[0]
        last.append(distance)
        if length > most:
            raise bits.bad("length")
        if not self._output.copy(distance + 1, length):
            raise bits.bad("distance")
