"""Decode what RAR 2.9 to 4 packed.

Bits of a byte count from the highest. Codes begin on a whole byte: a bit 1 says that
PPMd follows (`texts`), 0 that codes do:

    1 bit        0: lengths of words begin as zeros, else as they were
    4 bits each  lengths of words of a code of 20 symbols; 15 is followed by 4 bits: 0
                 for 15, else so many zeros and two
    words        its symbols: 0 to 15 are added to a length, modulo 16; 16 and 17 repeat
                 the one before, 18 and 19 are zeros (3 bits and 3, 7 bits and 11)

The lengths are those of 299 symbols, 60 of distances, 17 of their low bits and 28 of
lengths of matches. Symbols are

    0      a byte
    256    a bit 1: new codes follow; 0: the end of the file, and a bit that says
           whether the next one begins with new codes
    257    a filter (`filters`)
    258    the match before again
    259    one of the four last distances; a length
    263    a match of two bytes; bits of its distance
    271    a match, of a length; a distance, whose low bits have a code if it is long

Files behind the first of a solid archive go on with all there is.

Source: libarchive's and XADMaster's readers of RAR 3, read as descriptions.
"""

from collections.abc import Iterator
from functools import partial
from itertools import accumulate

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.lz.bits import HighBits
from clearward.formats.lz.codes import Codes
from clearward.formats.lz.output import Output, expanded
from clearward.formats.rar.packing import texts
from clearward.formats.rar.packing.filters import Filters
from clearward.formats.rar.packing.matches import Matches
from clearward.formats.rar.packing.second import (
    DISTANCE_BITS,
    LENGTH_BASES,
    LENGTH_BITS,
    LONGEST,
    SHORT_BASES,
    SHORT_BITS,
    code_of,
    longer,
)
from clearward.formats.rar.packing.texts import Texts

WINDOW = 1 << 22
SYMBOLS, DISTANCES, LOWS, LENGTHS = 299, 60, 17, 28
ALL_LENGTHS = SYMBOLS + DISTANCES + LOWS + LENGTHS
END, FILTER, AGAIN, RECENT, SHORT, MATCH = 256, 257, 258, 259, 263, 271
REPEAT, MANY_REPEATS, ZEROS = 16, 17, 18
SMALL = 20  # symbols of the code that lengths are written with
LONG = 15  # a length that goes on
LOW_BITS, FIRST_LOW = 4, 10  # of distances; the row from which they have a code
LOW_REPEAT, REPEATS = 16, 15
ROW_BITS = (*DISTANCE_BITS, *(18,) * 12)
ROW_BASES = tuple(accumulate((1 << bits for bits in ROW_BITS), initial=1))


class Bits(HighBits):
    """Bits, that may go on at a whole byte."""

    __slots__ = ()

    def align(self) -> None:
        """Pass over what is left of a byte."""
        self.drop(self._count % 8)


class Third:
    """Decodes files, one behind the other."""

    def __init__(self) -> None:
        self._output = Output(WINDOW, bytes(WINDOW))
        self._given = 0  # bytes of all files
        self._lengths = [0] * ALL_LENGTHS
        self._symbols = self._distances = self._lows = self._longs = Codes(())
        self._low = self._low_repeats = 0
        self._matches = Matches()
        self._filters = Filters()
        self._texts = Texts()
        self._with_codes = True  # a file begins with codes
        self._ended = False

    def expand(self, content: Reader, format: str, size: int) -> Iterator[bytes]:
        """Yield what the next file unpacks to.

        Args:
            content: its packed data.
            format: name for errors.
            size: bytes that it unpacks to.

        Raises:
            Undecoded: a filter is none of those that are known, behind the content
                without it; or PPMd wants too much memory.
            Malformed: the data are damaged. What stands before that was yielded.
            Truncated: they end early; the same.
        """
        bits = Bits(content, format)
        self._ended = False
        self._filters.begin(self._given)
        chunks = expanded(self._steps(bits, size), self._output)
        yield from self._filters.applied(chunks, format)

    def _steps(self, bits: Bits, size: int) -> Iterator[None]:
        data, most = self._output.data, self._output.most
        if self._with_codes:
            self._read_codes(bits)
        end = self._given + size
        while self._given < end:
            if self._ended:
                raise bits.bad("end of a file")
            self._step(bits, end)
            if len(data) >= most:
                yield
        if not self._ended:
            self._read_end(bits)

    def _step(self, bits: Bits, end: int) -> None:
        """Decode bytes up to something else, and that."""
        if self._texts.going:
            self._text(bits, end)
            return
        data = self._output.data
        symbols = self._symbols
        most = max(min(end - self._given, self._output.most - len(data)), 1)
        for given in range(most):
            symbol = symbols.symbol(bits)
            if symbol < END:
                data.append(symbol)
                continue
            self._given += given
            self._other(bits, symbol, end)
            return
        self._given += most

    def _other(self, bits: Bits, symbol: int, end: int) -> None:
        if symbol == END:
            self._end(bits)
        elif symbol == FILTER:
            self._filters.read(partial(bits.take, 8), bits.format, self._given)
        elif symbol != AGAIN or self._matches.length:
            self._match(bits, symbol)
            self._copy(bits, self._matches.distance, self._matches.length, end)

    def _end(self, bits: Bits) -> None:
        if bits.take(1):
            self._read_codes(bits)
            return
        self._with_codes = bool(bits.take(1))
        self._ended = True

    def _read_end(self, bits: Bits) -> None:
        """Read what stands behind a file: whether the next one has codes."""
        try:
            if self._texts.going:
                said = self._texts.next(bits), self._texts.next(bits)
                self._with_codes = said == (self._texts.escape, texts.END)
            elif self._symbols.symbol(bits) == END:
                self._end(bits)
        except Malformed:  # nothing stands there, which is only known from trying
            return

    def _text(self, bits: Bits, end: int) -> None:
        next_byte = partial(self._texts.next, bits)
        byte = next_byte()
        kind = next_byte() if byte == self._texts.escape else texts.NONE
        if kind == texts.CODES:
            self._read_codes(bits)
        elif kind == texts.END:
            self._with_codes = self._ended = True
        elif kind == texts.FILTER:
            self._filters.read(next_byte, bits.format, self._given)
        elif kind in (texts.MATCH, texts.RUN):
            distance, length = self._texts.match(bits, kind)
            self._copy(bits, distance, length, end)
        else:
            self._output.data.append(byte)
            self._given += 1

    def _copy(self, bits: Bits, distance: int, length: int, end: int) -> None:
        length = min(length, end - self._given)
        if not self._output.copy(distance or WINDOW, length):
            raise bits.bad("distance")
        self._given += length

    def _match(self, bits: Bits, symbol: int) -> None:
        """Read a match and remember it."""
        matches = self._matches
        if symbol == AGAIN:
            return
        if symbol < SHORT:
            distance = matches.recent.pop(symbol - RECENT)
            row = self._longs.symbol(bits)
            length = LENGTH_BASES[row] + bits.take(LENGTH_BITS[row]) + 2
        elif symbol < MATCH:
            row = symbol - SHORT
            distance, length = SHORT_BASES[row] + bits.take(SHORT_BITS[row]), 2
        else:
            row = symbol - MATCH
            length = LENGTH_BASES[row] + bits.take(LENGTH_BITS[row]) + 3
            distance = self._distance(bits)
            length += longer(distance)
        matches.recent = [distance, *matches.recent[:3]]
        matches.distance, matches.length = distance, length

    def _distance(self, bits: Bits) -> int:
        row = self._distances.symbol(bits)
        count = ROW_BITS[row]
        if row < FIRST_LOW:
            return ROW_BASES[row] + bits.take(count)
        distance = ROW_BASES[row] + (bits.take(count - LOW_BITS) << LOW_BITS)
        if self._low_repeats:
            self._low_repeats -= 1
            return distance + self._low
        low = self._lows.symbol(bits)
        if low == LOW_REPEAT:
            self._low_repeats = REPEATS
        else:
            self._low = low
        return distance + self._low

    def _read_codes(self, bits: Bits) -> None:
        bits.align()
        self._with_codes = False
        if bits.take(1):
            self._texts.begin(bits)
            return
        self._texts.going = False
        self._low = self._low_repeats = 0
        if not bits.take(1):
            self._lengths = [0] * ALL_LENGTHS
        try:
            self._read_lengths(bits)
            lengths = iter(self._lengths)
            self._symbols = code_of(lengths, SYMBOLS)
            self._distances = code_of(lengths, DISTANCES)
            self._lows = code_of(lengths, LOWS)
            self._longs = code_of(lengths, LENGTHS)
        except ValueError:
            raise bits.bad("lengths of a code") from None

    def _read_lengths(self, bits: Bits) -> None:
        code = Codes(_small(bits), LONGEST)
        lengths = self._lengths
        place = 0
        while place < ALL_LENGTHS:
            symbol = code.symbol(bits)
            if symbol < REPEAT:
                lengths[place] = (lengths[place] + symbol) & 15
                place += 1
                continue
            few = symbol in (REPEAT, ZEROS)
            times = bits.take(3) + 3 if few else bits.take(7) + 11
            if symbol <= MANY_REPEATS and not place:
                raise bits.bad("lengths of a code")
            value = lengths[place - 1] if symbol <= MANY_REPEATS else 0
            times = min(times, ALL_LENGTHS - place)
            lengths[place : place + times] = [value] * times
            place += times


def _small(bits: Bits) -> list[int]:
    """Read lengths of words of the code that lengths are written with."""
    lengths: list[int] = []
    while len(lengths) < SMALL:
        length = bits.take(4)
        zeros = bits.take(4) if length == LONG else 0
        lengths += [0] * (zeros + 2) if zeros else [length]
    return lengths[:SMALL]
