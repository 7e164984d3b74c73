"""Decode what RAR 2.0 and 2.6 packed.

Bits of a byte count from the highest. A file that begins anew begins with codes:

    1 bit        1: sounds
    1 bit        0: lengths of words begin as zeros, else as they were
    2 bits       sounds: number of channels less one
    4 bits each  lengths of words of a code of 19 symbols
    words        its symbols: 0 to 15 are added to a length, modulo 16; 16 repeats the
                 one before (2 bits and 3 times), 17 and 18 are zeros (3 bits and 3, 7
                 bits and 11)

The lengths are those of 298 symbols, 48 of distances and 28 of lengths of matches; for
sounds of 257 a channel, where 256 means that new codes follow. Symbols are

    0      a byte
    256    the match before again
    257    one of the four last distances; a length
    261    a match of two bytes; bits of its distance
    269    new codes follow
    270    a match, of a length; a distance

Long distances make a match longer. Files behind the first of a solid archive go on with
the codes there are; new ones may stand behind the end of a file.

Source: XADMaster's reader of RAR 2.0, read as a description of the format.
"""

from collections.abc import Iterator
from itertools import accumulate

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.lz.bits import Bits, HighBits
from clearward.formats.lz.codes import Codes
from clearward.formats.lz.output import Output, expanded
from clearward.formats.rar.packing.matches import Matches
from clearward.formats.rar.packing.sounds import Channels

WINDOW = 1 << 20
LONGEST = 15  # bits of a word
SYMBOLS, DISTANCES, LENGTHS = 298, 48, 28
SOUND_SYMBOLS, MOST_CHANNELS = 257, 4
AGAIN, RECENT, SHORT, CODES, MATCH = 256, 257, 261, 269, 270
SOUND_CODES = 256
REPEAT, ZEROS, MANY_ZEROS = 16, 17, 18

LENGTH_BITS = (0,) * 8 + tuple(bits for bits in range(1, 6) for _ in range(4))
LENGTH_BASES = tuple(accumulate((1 << bits for bits in LENGTH_BITS), initial=0))
DISTANCE_BITS = (0, 0, *(bits for bits in range(16) for _ in range(2)), *(16,) * 14)
DISTANCE_BASES = tuple(accumulate((1 << bits for bits in DISTANCE_BITS), initial=1))
SHORT_BITS = (2, 2, 3, 4, 5, 6, 6, 6)
SHORT_BASES = tuple(accumulate((1 << bits for bits in SHORT_BITS), initial=1))
FAR, FARTHER, FARTHEST = 0x101, 0x2000, 0x40000  # distances of longer matches


class Second:
    """Decodes files, one behind the other."""

    __slots__ = (
        "_channels",
        "_distances",
        "_lengths",
        "_longs",
        "_matches",
        "_output",
        "_symbols",
    )

    def __init__(self) -> None:
        self._output = Output(WINDOW, bytes(WINDOW))
        self._lengths = [0] * (MOST_CHANNELS * SOUND_SYMBOLS)
        self._symbols: Codes | None = None  # none are known before the first file
        self._distances = self._longs = Codes(())
        self._matches = Matches()
        self._channels = Channels()

    def expand(self, content: Reader, format: str, size: int) -> Iterator[bytes]:
        """Yield what the next file unpacks to.

        Args:
            content: its packed data.
            format: name for errors.
            size: bytes that it unpacks to.

        Raises:
            Malformed: the data are damaged. What stands before that was yielded.
            Truncated: they end early; the same.
        """
        bits = HighBits(content, format)
        yield from expanded(self._steps(bits, size), self._output)

    def _steps(self, bits: Bits, size: int) -> Iterator[None]:
        if size and self._symbols is None:
            self._read_codes(bits)
        left = size
        while left > 0:
            if self._channels.codes:
                left -= self._sound(bits)
            else:
                left -= self._bytes(bits, left)
            if len(self._output.data) >= self._output.most:
                yield
        if size:
            self._codes_behind(bits)

    def _codes_behind(self, bits: Bits) -> None:
        """Read the codes that may stand behind a file, for the next one."""
        code, symbol = self._symbols, CODES
        if self._channels.codes:
            code, symbol = self._channels.codes[self._channels.turn], SOUND_CODES
        try:
            if code is not None and code.symbol(bits) == symbol:
                self._read_codes(bits)
        except Malformed:  # nothing stands there, which is only known from trying
            return

    def _sound(self, bits: Bits) -> int:
        """Decode a byte of a sound, or new codes; return how many bytes it gave."""
        channels = self._channels
        symbol = channels.codes[channels.turn].symbol(bits)
        if symbol == SOUND_CODES:
            self._read_codes(bits)
            return 0
        self._output.data.append(channels.next(symbol))
        return 1

    def _bytes(self, bits: Bits, left: int) -> int:
        """Decode bytes up to a match, and that, or new codes; return how many."""
        symbols = self._symbols
        output = self._output
        data = output.data
        most = min(left, output.most - len(data))
        if symbols is None:
            raise bits.bad("codes")
        for given in range(max(most, 1)):
            symbol = symbols.symbol(bits)
            if symbol < AGAIN:
                data.append(symbol)
                continue
            if symbol == CODES:
                self._read_codes(bits)
                return given
            length = min(self._match(bits, symbol), left - given)
            distance = self._matches.distance or WINDOW
            if not output.copy(distance, length):
                raise bits.bad("distance")
            return given + length
        return max(most, 1)

    def _match(self, bits: Bits, symbol: int) -> int:
        """Read a match, remember its distance, return its length."""
        matches = self._matches
        if symbol == AGAIN:
            matches.add(matches.distance, matches.length)
        elif symbol < SHORT:
            distance = matches.recent[symbol - RECENT]
            row = self._longs.symbol(bits)
            length = LENGTH_BASES[row] + bits.take(LENGTH_BITS[row]) + 2
            matches.add(distance, length + (distance >= FAR) + longer(distance))
        elif symbol < CODES:
            row = symbol - SHORT
            matches.add(SHORT_BASES[row] + bits.take(SHORT_BITS[row]), 2)
        else:
            row = symbol - MATCH
            length = LENGTH_BASES[row] + bits.take(LENGTH_BITS[row]) + 3
            row = self._distances.symbol(bits)
            distance = DISTANCE_BASES[row] + bits.take(DISTANCE_BITS[row])
            matches.add(distance, length + longer(distance))
        return matches.length

    def _read_codes(self, bits: Bits) -> None:
        sounds = bits.take(1)
        if not bits.take(1):
            self._lengths = [0] * len(self._lengths)
        channels = bits.take(2) + 1 if sounds else 0
        count = channels * SOUND_SYMBOLS or SYMBOLS + DISTANCES + LENGTHS
        try:
            self._read_lengths(bits, count)
            lengths = iter(self._lengths)
            if sounds:
                self._channels.begin(
                    [code_of(lengths, SOUND_SYMBOLS) for _ in range(channels)]
                )
                self._symbols = Codes(())
                return
            self._channels.codes = []
            self._symbols = code_of(lengths, SYMBOLS)
            self._distances = code_of(lengths, DISTANCES)
            self._longs = code_of(lengths, LENGTHS)
        except ValueError:
            raise bits.bad("lengths of a code") from None

    def _read_lengths(self, bits: Bits, count: int) -> None:
        code = Codes([bits.take(4) for _ in range(19)], LONGEST)
        lengths = self._lengths
        place = 0
        while place < count:
            symbol = code.symbol(bits)
            if symbol < REPEAT:
                lengths[place] = (lengths[place] + symbol) & 15
                place += 1
                continue
            if symbol == REPEAT:
                if not place:
                    raise bits.bad("lengths of a code")
                value, times = lengths[place - 1], bits.take(2) + 3
            elif symbol == ZEROS:
                value, times = 0, bits.take(3) + 3
            else:
                value, times = 0, bits.take(7) + 11
            times = min(times, count - place)
            lengths[place : place + times] = [value] * times
            place += times


def longer(distance: int) -> int:
    """Bytes that a match is longer for its distance."""
    return (distance >= FARTHER) + (distance >= FARTHEST)


def code_of(lengths: Iterator[int], count: int) -> Codes:
    """Return the code of the next lengths.

    Raises:
        ValueError: there are too many words.
    """
    return Codes([next(lengths) for _ in range(count)], LONGEST)
