"""Drive decompressors so that their output comes in bounded pieces.

However small the input and large the output, no more than `CHUNK` bytes come at once,
so a bomb costs time that is charged, and no memory.

`Frames` joins streams that follow each other, as the command of each format joins them.
A decompressor that finds damage throws away the bytes it had ready in the same call.
While the stream is short they are won back by decoding it again, byte by byte where the
damage is, so that what stands before it is seen whole.
"""

import zlib
from collections.abc import Callable, Generator, Iterator

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.reader import CHUNK, Content, Forward
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Undecoded

INPUT = 64 * 1024  # bytes of compressed input given to a decompressor at once
FIRST = 512  # at first, because a stream of few bytes hands back all that is behind it

# A damaged stream is decoded again if no more than so many bytes went in and came out.
KEPT = 1 * MIB
REPEATED = 16 * MIB

# Each time with less input at once where the damage is, and as much output at most.
STEPS = (INPUT, 1024, 32, 1)


def at_once(
    data: bytes,
    stream: Decompressor,
    errors: tuple[type[Exception], ...] = (zlib.error,),
) -> bytes | None:
    """Return all that a short stream holds; None if it is for `Frames` to tell.

    Most streams are short and whole, and the way through `Frames`, which is ready for
    anything, takes longer than inflating them. What is longer than `CHUNK`, is damaged
    or has no end gives None.
    """
    try:
        output = stream.decompress(data, CHUNK)
    except errors:
        return None
    return output if stream.eof else None


class _Again:
    """A damaged stream, decoded once more from its start.

    Args:
        stream: a fresh decompressor.
        kept: the stream.
        sound: bytes of it behind which the damage shows.

    Attributes:
        given: bytes of the stream that were taken before the damage showed.
    """

    def __init__(self, stream: Decompressor | None, kept: bytes, sound: int) -> None:
        self._stream = stream
        self._kept = kept
        self._sound = sound
        self.given = 0

    def output(
        self, size: int, step: int, errors: tuple[type[Exception], ...]
    ) -> Iterator[bytes]:
        """Yield the output behind its first `size` bytes, up to the damage."""
        stream, self._stream = self._stream, None
        place = done = 0
        while stream is not None and not stream.eof:
            data, dry = b"", False
            if stream.needs_input:
                end = min(place + INPUT, self._sound) if place < self._sound else 0
                data = self._kept[place : end or place + step]
                self.given, place = place, place + len(data)
                dry = not data
            wanted = min(size - done, CHUNK) if done < size else step
            try:
                output = stream.decompress(data, wanted)
            except errors:
                return
            if dry and not output:
                return
            fresh = output[max(size - done, 0) :]  # some give more than is wanted
            done += len(output)
            if fresh:
                yield fresh


class _Kept:
    """A stream's input from its start, or nothing once that is more than `KEPT`."""

    __slots__ = ("_pieces", "_size")

    def __init__(self, data: bytes) -> None:
        self._pieces = [data]
        self._size = len(data)

    def add(self, data: bytes) -> None:
        """Keep what follows; it is joined only if there is need."""
        if self._size <= KEPT:
            self._pieces.append(data)
            self._size += len(data)
        else:
            self._pieces.clear()

    def joined(self) -> bytes:
        """All of it."""
        return b"".join(self._pieces)


class Frames:
    """The output of one or more compressed streams that follow each other.

    Iterate over it for the output; then `tail` gives what lies behind the last stream.

    Args:
        format: name for errors.
        source: the compressed bytes.
        begin: makes the decompressor for the stream that starts with the bytes it is
            given (`INPUT` of them if there are so many), or None if none starts there.
            The same bytes must give the same answer.
        once: there is only one stream, whatever stands behind it.
        padding: bytes that may stand between streams and behind the last.
        errors: what the decompressors raise for damage.
        reason_of: what such an error says about the stream.
    """

    def __init__(
        self,
        format: str,
        source: Forward,
        begin: Callable[[bytes], Decompressor | None],
        *,
        once: bool = False,
        padding: bytes = b"",
        errors: tuple[type[Exception], ...] = (zlib.error,),
        reason_of: Callable[[Exception], Reason] = lambda _: Reason.CORRUPT,
    ) -> None:
        self._format = format
        self._source = source
        self._begin = begin
        self._once = once
        self._padding = padding
        self._errors: tuple[type[Exception], ...] = (*errors, Undecoded)
        self._reason_of = reason_of
        self._left = b""  # taken from the source, not yet part of a stream
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        while (yield from self._one()) and not self._once:
            pass
        self._ended = True

    def head(self) -> bytes:
        """The next bytes, not yet part of a stream, `INPUT` of them if there are."""
        while len(self._left) < INPUT:
            more = self._source.take(INPUT - len(self._left))
            if not more:
                break
            self._left += more
        return self._left

    def tail(self) -> Content | None:
        """What lies behind the last stream and its padding, or None.

        None as well if the iteration did not come to its end: what lies behind damage
        is not known to be outside the stream.
        """
        return self._source.tail(self._left) if self._ended else None

    def _one(self) -> Generator[bytes, None, bool]:
        """Yield the next stream; return False if there is none."""
        if (stream := self._begin(self.head())) is None:
            return False
        data = self._next(FIRST)
        kept = _Kept(data)
        size = 0
        full = False  # then there may be more without input, whatever it says
        while not stream.eof:
            if not data and stream.needs_input and not full:
                data = self._next(INPUT)
                if not data:
                    raise Truncated(self._format, self._source.offset, "stream end")
                kept.add(data)
            try:
                output = stream.decompress(data, CHUNK)
            except self._errors as error:
                del stream  # its window: the next one needs as much
                if size <= REPEATED:
                    yield from self._lost(kept.joined(), size)
                raise self._damage(error) from error
            data = b""
            full = len(output) == CHUNK
            if output:
                size += len(output)
                yield output
        self._left = (stream.unused_data or b"") + self._left
        self._pass_padding()
        return True

    def _next(self, most: int) -> bytes:
        """Take at most so many bytes, those that were taken from the source first."""
        if not self._left:
            return self._source.take(most)
        data, self._left = self._left[:most], self._left[most:]
        return data

    def _damage(self, error: Exception) -> Malformed:
        place = self._source.offset
        if isinstance(error, Undecoded):
            return Undecoded(self._format, place, error.field, error.reason)
        if (reason := self._reason_of(error)) is Reason.CORRUPT:
            return Malformed(self._format, place, "stream")
        return Undecoded(self._format, place, "stream", reason)

    def _lost(self, kept: bytes, size: int) -> Iterator[bytes]:
        """Yield what a stream holds between its first `size` bytes and the damage."""
        sound = 0
        for step in STEPS if kept else ():
            again = _Again(self._begin(kept[:INPUT]), kept, sound)
            for output in again.output(size, step, self._errors):
                size += len(output)
                yield output
            sound = again.given

    def _pass_padding(self) -> None:
        """Leave bytes in `_left` that are no padding, `INPUT` if there are so many."""
        size = -1
        while size != len(self.head()) and self._padding:
            self._left = self._left.lstrip(self._padding)
            size = len(self._left)
