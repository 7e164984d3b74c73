"""Decode PPMd, the method for text of 7z archives.

The model predicts a byte from the bytes before it. A context, found by the last few
bytes, has a table of the bytes that have followed it, with their frequencies; a byte
that is not there is looked for in shorter and shorter contexts (`model.py`). Here is
how a byte is found: the range coder, and the adaptive probabilities of a context with
a single byte and of leaving a context.

Source: PPMd variant H by Dmitry Shkarin, as the LZMA SDK has it with the range coder of
7z; both are in the public domain. `native/ppmd` does the same, compiled; this is what
it is held to, and what runs where nothing was compiled, at some 60 kB a second. The
library needs a thread, and memory that is not bounded.
"""

from collections.abc import Callable, Iterator

from clearward.core.errors import Malformed
from clearward.formats.seven.fields import NAME
from clearward.formats.seven.ppmd.contexts import STATE, SYMBOLS
from clearward.formats.seven.ppmd.model import Model
from clearward.formats.seven.ppmd.ranges import (
    BIN_BITS,
    PERIOD_BITS,
    Coder,
    See,
    Source,
)

PIECE = 16 * 1024  # bytes yielded at once

# The probabilities that a context with one byte is not left, at first, and the first
# frequency of leaving that follows from one later.
FIRST_ESCAPES = (0x3CDD, 0x1F3F, 0x59BF, 0x48F3, 0x64A1, 0x5ABC, 0x6632, 0x6051)
ESCAPES = (25, 14, 9, 7, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 2)

# Classes of numbers of states, less one: of the next shorter context of one with a
# single byte, and of the states that may still follow.
BIN_CLASS = (0, 2, *(4,) * 9, *(6,) * 245)
SEE_CLASS = (0, 1, 2, *(n for n in range(3, 26) for _ in range(n - 2)))


class Decoder:
    """Decodes byte after byte.

    Args:
        source: the packed stream.
        order: length of the longest contexts.
        memory: bytes for the model.
        coder: makes the range coder, that of 7z if nothing else is said.
    """

    def __init__(
        self,
        source: Source,
        order: int,
        memory: int,
        coder: Callable[[Source], Coder] = Coder,
    ) -> None:
        self._source = source
        self._begin = coder
        self._coder = coder(source)
        self._model = Model(order, memory)
        self._high = 0  # 8 if the last byte was 64 or more
        self._masked = b""  # bytes of the contexts that were left
        self._reset()

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield `size` bytes.

        Raises:
            Malformed: the stream is damaged.
            Truncated: it ends early.
        """
        while size > 0:
            piece = bytearray()
            try:
                while len(piece) < min(size, PIECE):
                    piece.append(self._next())
            except Malformed:
                yield bytes(piece)
                raise
            size -= len(piece)
            yield bytes(piece)

    def restart(self) -> None:
        """Begin with the range coder anew where the stream is; the model stays."""
        self._coder = self._begin(self._source)

    def _reset(self) -> None:
        self._binary = [
            [(1 << BIN_BITS) - first // (freq + 2) for first in FIRST_ESCAPES] * 8
            for freq in range(128)
        ]
        self._sees = [
            [
                See((5 * n + 10) << PERIOD_BITS - 4, PERIOD_BITS - 4, 4)
                for _ in range(16)
            ]
            for n in range(25)
        ]
        self._model.restarted = False

    def _next(self) -> int:
        model = self._model
        single = model.count(model.shortest) == 1
        symbol = self._from_single() if single else self._from_table()
        while symbol < 0:
            symbol = self._from_shorter()
        if model.restarted:
            self._reset()
        return symbol

    def _from_single(self) -> int:
        """The byte if the shortest context has one and it has come; -1 if not."""
        model = self._model
        heap, context = model.heap, model.shortest
        state = context + 2
        symbol = heap[state]
        self._high = _high(heap[model.found])
        which = (
            model.expected
            + BIN_CLASS[model.count(model.shorter(context)) - 1]
            + self._high
            + 2 * _high(symbol)
            + (model.run >> 26 & 32)
        )
        row = self._binary[heap[state + 1] - 1]
        probability = row[which]
        mean = (probability + (1 << PERIOD_BITS - 2)) >> PERIOD_BITS
        if self._coder.bit(probability):
            row[which] = probability - mean
            model.escape = ESCAPES[row[which] >> 10]
            model.expected = 0
            self._masked = bytes((symbol,))
            return -1
        row[which] = probability + (1 << PERIOD_BITS) - mean
        model.saw_single(state)
        return symbol

    def _from_table(self) -> int:
        """The byte if the shortest context has it; -1 if not."""
        model, coder = self._model, self._coder
        heap, context = model.heap, model.shortest
        table, total = model.table(context), model.total(context)
        place = coder.threshold(total)
        end = heap[table + 1]
        if place < end:
            coder.take(0, end)
            symbol = heap[table]
            model.saw_first(table)
            return symbol
        model.expected = 0
        behind = table + model.count(context) * STATE
        for state in range(table + STATE, behind, STATE):
            freq = heap[state + 1]
            end += freq
            if end > place:
                coder.take(end - freq, freq)
                symbol = heap[state]
                model.saw_other(state)
                return symbol
        if place >= total:
            raise Malformed(NAME, 0, "byte of PPMd")
        self._high = _high(heap[model.found])
        coder.take(end, total - end)
        self._masked = bytes(heap[table:behind:STATE])
        return -1

    def _from_shorter(self) -> int:
        """The byte if the next shorter context with more bytes has it; -1 if not."""
        model, coder = self._model, self._coder
        masked, context = self._masked, self._leave()
        table = model.table(context)
        behind = table + model.count(context) * STATE
        symbols = model.heap[table:behind:STATE]
        freqs = model.heap[table + 1 : behind : STATE]
        # A shorter context has all bytes of a longer one, so of the masked ones too.
        end = sum(freqs) - sum([freqs[symbols.index(n)] for n in masked])
        see, escape = self._see(context, len(symbols) - len(masked))
        total = end + escape
        place = coder.threshold(total)
        if place >= total:
            raise Malformed(NAME, 0, "byte of PPMd")
        if place >= end:
            coder.take(end, escape)
            see.sum = see.sum + total & 0xFFFF
            self._masked = bytes(symbols)
            return -1
        start = freq = number = 0
        for number, freq in enumerate(freqs):
            if symbols[number] in masked:
                continue
            if start + freq > place:
                break
            start += freq
        coder.take(start, freq)
        see.found()
        model.saw_after_escape(table + number * STATE)
        return symbols[number]

    def _leave(self) -> int:
        """Go to the next shorter context that has more bytes than were looked at."""
        model = self._model
        context, count = model.shortest, len(self._masked)
        while True:
            model.fall += 1
            context = model.shorter(context)
            if not context:
                raise Malformed(NAME, 0, "byte of PPMd, which no context has")
            model.shortest = context
            if model.count(context) != count:
                return context

    def _see(self, context: int, left: int) -> tuple[See, int]:
        """How often such contexts are left, and the frequency that follows from it."""
        model = self._model
        count = model.count(context)
        if count == SYMBOLS:
            return See(0, PERIOD_BITS, 64), 1
        which = (
            (left < model.count(model.shorter(context)) - count)
            + 2 * (model.total(context) < 11 * count)
            + 4 * (len(self._masked) > left)
            + self._high
        )
        see = self._sees[SEE_CLASS[left - 1]][which]
        return see, see.escape()


def _high(symbol: int) -> int:
    """8 for bytes from 64 on: letters, in text."""
    return 8 if symbol >= 64 else 0  # noqa: PLR2004 - where letters begin
