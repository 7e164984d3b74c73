"""Predict the next byte of a sound, as RAR 2.0 does, and the filter of RAR 3.

Each channel has a weight for each step: the last one, ways in which it changed before
(three, in RAR 3 two), and in RAR 2.0 the last step of the channel before. What a symbol
says is taken from the prediction. Of every 32 bytes it is found which change of one
weight would have predicted best, and that one is made.

Source: XADMaster's reader of RAR 2.0, read as a description of the format.
"""

from itertools import chain

from clearward.formats.lz.codes import Codes

STEPS = 4  # of its own
HIGHEST, LOWEST = 16, -16
JUDGED = 32  # bytes after which a weight may change


class Channel:
    """What is known of one channel.

    Args:
        steps: of its own.
        others: of other channels.
        count: bytes that count as judged before the first one.
    """

    __slots__ = ("_byte", "_count", "_errors", "_last", "_steps", "_weights")

    def __init__(self, steps: int = STEPS, others: int = 1, count: int = 0) -> None:
        self._byte = 0
        self._last = 0
        self._count = count
        self._steps = [0] * steps
        self._weights = [0] * (steps + others)
        self._errors = [0] * (2 * (steps + others) + 1)

    def next(self, symbol: int, *others: int) -> int:
        """Return the next byte.

        Args:
            symbol: what was read.
            others: last steps of other channels.
        """
        self._count += 1
        first, *later = self._steps
        self._steps = [self._last, self._last - first, *later[:-1]]
        steps = (*self._steps, *others)
        total = sum(map(int.__mul__, self._weights, steps)) + 8 * self._byte
        byte = ((total >> 3) - symbol) & 0xFF
        self._judge(_signed(symbol) << 3, steps)
        self._last = _signed(byte - self._byte)
        self._byte = byte
        return byte

    @property
    def last(self) -> int:
        """The last step."""
        return self._last

    def _judge(self, error: int, steps: tuple[int, ...]) -> None:
        errors = self._errors
        wrong = chain((error,), *((error - step, error + step) for step in steps))
        self._errors = errors = [
            known + abs(more) for known, more in zip(errors, wrong, strict=True)
        ]
        if self._count % JUDGED:
            return
        best = errors.index(min(errors))
        self._errors = [0] * len(errors)
        row = (best - 1) // 2
        if best % 2 and self._weights[row] >= LOWEST:
            self._weights[row] -= 1
        elif best and best % 2 == 0 and self._weights[row] < HIGHEST:
            self._weights[row] += 1


class Channels:
    """The channels of a sound, whose turns come one behind the other.

    Attributes:
        codes: a code for each channel; none while there is no sound.
        turn: whose turn it is.
    """

    __slots__ = ("_before", "_channels", "codes", "turn")

    def __init__(self) -> None:
        self.codes: list[Codes] = []
        self.turn = 0
        self._before = 0
        self._channels = [Channel() for _ in range(4)]

    def begin(self, codes: list[Codes]) -> None:
        """Go on with other codes, as many as there are channels."""
        self.codes = codes
        if self.turn >= len(codes):
            self.turn = 0

    def next(self, symbol: int) -> int:
        """Return the next byte, and give the turn to the next channel."""
        channel = self._channels[self.turn]
        byte = channel.next(symbol, self._before)
        self._before = channel.last
        self.turn = (self.turn + 1) % len(self.codes)
        return byte


def _signed(value: int) -> int:
    """The low byte as a number from -128."""
    return ((value + 128) & 0xFF) - 128
