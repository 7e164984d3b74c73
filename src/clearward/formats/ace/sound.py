"""The sound of ACE 2: channels of samples, each foretold from those before it.

    block: three codes for each channel, number of symbols (15 bits), symbols
    0 to 31         a run of so many and one more samples as foretold
    32 to 287       what a sample differs by, the sign in its low bit
    288             a mode follows

Behind a run's end a difference follows in a code of its own. A channel foretells with
the last sample, or with four weights on its last differences, whichever did better.

Source: acefile by D. Roethlisberger, which describes the format.
"""

from clearward.core.reader import CHUNK
from clearward.formats.ace.bits import WordBits
from clearward.formats.ace.codes import Code, read_code
from clearward.formats.ace.marks import Marked

WIDEST = 10
RUNS = 32
MODE = 288
SYMBOLS = 289
OF_A_CHANNEL = 3  # codes: two for differences, one behind runs
# By mode: which channel the samples are of, again and again.
ORDERS = ((0, 0, 0, 0), (0, 1, 0, 1), (0, 1, 0, 2), (1, 0, 2, 0))
LOUD = 40
JUDGED, FORGOTTEN = 32, 256  # samples until weights, and until counts, are set anew
MOST_WEIGHT = 16
KEEP = 8  # the number of what would have done best if no weight changed


def signed(byte: int) -> int:
    """Return the low 8 bits as a number from -128 on."""
    return (byte + 128 & 255) - 128


class _Channel:
    """What one channel foretells."""

    __slots__ = (
        "_count",
        "_errors",
        "_forgotten",
        "_last",
        "_misses",
        "_steps",
        "_weights",
        "in_run",
        "loudness",
        "run",
    )

    def __init__(self) -> None:
        self.run = 0  # samples of a run that are left
        self.in_run = False  # a run has ended, its difference not come yet
        self.loudness = 0
        self._last = 0
        self._steps = [0] * 4
        self._weights = [0] * 4
        self._errors = [0] * 9
        self._misses = [0, 0]  # of the weights, of the last sample
        self._forgotten = [0, 0]
        self._count = 0

    def _weighted(self) -> int:
        total = 8 * self._last
        for weight, step in zip(self._weights, self._steps, strict=True):
            total += weight * step
        return total >> 3 & 255

    def next(self, difference: int) -> int:
        """Return the sample that differs so from what is foretold; learn from it."""
        weighted = self._weighted()
        by_weights = self._misses[0] <= self._misses[1]
        sample = signed(difference + (weighted if by_weights else self._last))
        self._judge(signed(weighted - sample) << 3)
        self._misses[0] += abs(signed(weighted - sample)).bit_length()
        self._misses[1] += abs(signed(self._last - sample)).bit_length()
        step = signed(sample - self._last)
        self._last = sample
        self._count += 1
        if self._count % JUDGED == 0:
            self._reweigh()
        if self._count % FORGOTTEN == 0:
            for which in (0, 1):
                self._misses[which] -= self._forgotten[which]
                self._forgotten[which] = self._misses[which]
        steps = self._steps
        steps[:] = (step, step - steps[0], steps[1], steps[2])
        return sample & 255

    def _judge(self, error: int) -> None:
        errors = self._errors
        for which, step in enumerate(self._steps):
            errors[2 * which] += abs(error - step)
            errors[2 * which + 1] += abs(error + step)
        errors[KEEP] += abs(error)

    def _reweigh(self) -> None:
        """Change the weight by one that would have done best."""
        best = self._errors.index(min(self._errors))
        self._errors = [0] * 9
        which, up = divmod(best, 2)
        if best == KEEP:
            return
        if up and self._weights[which] <= MOST_WEIGHT:
            self._weights[which] += 1
        elif not up and self._weights[which] >= -MOST_WEIGHT:
            self._weights[which] -= 1


class Sound(Marked):
    """Samples up to the next mode.

    Args:
        bits: where the stream is.
        kind: 0 to 3: which of `ORDERS`.
    """

    def __init__(self, bits: WordBits, kind: int) -> None:
        self._bits = bits
        self._order = ORDERS[kind]
        self._channels = [_Channel() for _ in range(max(self._order) + 1)]
        self._codes: list[Code] = []
        self._left = 0
        self._done = bytearray()
        self._place = 0

    def begin(self) -> None:
        """Begin with the first channel again, as behind each mode."""
        self._place = 0

    def read(self, most: int) -> bytes:
        """Return samples up to a mode, up to `most` less what is no multiple of 4.

        Raises:
            Malformed: the stream is damaged. What came before is in `rest`.
        """
        wanted = min(most & ~3, CHUNK)
        if not wanted:
            raise self._bits.bad("length of sound")
        while len(self._done) < wanted:
            number = self._order[self._place % 4]
            difference = self._difference(number)
            if difference is None:
                self._marked = True
                break
            self._done.append(self._channels[number].next(difference))
            self._place += 1
        return self.rest()

    def rest(self) -> bytes:
        """Return what was unpacked and not given yet."""
        done = bytes(self._done)
        self._done.clear()
        return done

    def _difference(self, number: int) -> int | None:
        """Return what the next sample of a channel differs by, None before a mode."""
        channel = self._channels[number]
        if channel.run:
            channel.run -= 1
            channel.in_run = not channel.run
            return 0
        model = 2 if channel.in_run else int(channel.loudness > LOUD)
        symbol = self._symbol(OF_A_CHANNEL * number + model)
        if symbol == MODE:
            return None
        if channel.in_run:
            channel.in_run = False
            value = symbol
        elif symbol >= RUNS:
            value = symbol - RUNS
            channel.loudness = (channel.loudness * 7 >> 3) + value
        else:
            channel.run = symbol
            channel.in_run = not symbol
            value = 0
        return 255 - (value >> 1) if value & 1 else value >> 1

    def _symbol(self, model: int) -> int:
        if not self._left:
            count = OF_A_CHANNEL * len(self._channels)
            self._codes = [read_code(self._bits, WIDEST, SYMBOLS) for _ in range(count)]
            self._left = self._bits.take(15)
        self._left -= 1
        return self._codes[model].symbol(self._bits)
