"""The content of a member as it is unpacked, and what came of it."""

from collections.abc import Iterator
from enum import Enum, auto

from zlib_ng.zlib_ng import crc32

from clearward.core.limits import MIB
from clearward.core.reader import CHUNK
from clearward.formats.decompressor import Decompressor
from clearward.formats.inflate import INPUT
from clearward.formats.zip.claim import Claim
from clearward.formats.zip.methods import ERRORS, Method, TooLarge
from clearward.formats.zip.window import Window

# Bytes of output and of input at once, to get at what stands right before damage: each
# step goes on where the one before it had to stop.
FINER = (512, 32, 1)
MOST_AGAIN = 64 * MIB  # content that is unpacked again for that


class End(Enum):
    """How unpacking a member ended."""

    OPEN = auto()  # it did not: nobody read on
    WHOLE = auto()  # the end of the stream
    DAMAGED = auto()  # the decompressor gave up
    CUT = auto()  # the bytes ran out
    MEMORY = auto()  # it would need too much memory


class Decoding:
    """One member's compressed bytes on their way out.

    Args:
        window: the archive.
        start: offset of the data.
        claim: what the header says.
        method: how to unpack it.
        lenient: read a stream that says where it ends up to there, even beyond the
            packed size: some programs do, so what they would see is looked at.

    Attributes:
        end: how it ended.
        position: offset behind the last byte that was used.
        size: bytes given out.
        crc: CRC-32 of them.
    """

    __slots__ = (
        "_bound",
        "_claim",
        "_fed",
        "_input",
        "_method",
        "_slow",
        "_start",
        "_step",
        "_stop",
        "_window",
        "crc",
        "end",
        "position",
        "size",
    )

    def __init__(
        self,
        window: Window,
        start: int,
        claim: Claim,
        method: Method,
        *,
        lenient: bool = True,
    ) -> None:
        self._window = window
        self._start = start
        self._claim = claim
        self._method = method
        packed = window.size if claim.packed is None else claim.packed
        self._bound = min(start + packed, window.size)
        self._stop = window.size if method.ends and lenient else self._bound
        self._step = CHUNK
        self._fed = start  # where the last input began
        self._slow = window.size  # from here on, input comes in finer steps
        self._input = INPUT  # bytes of them
        self.end = End.OPEN
        self.position = start
        self.size = 0
        self.crc = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the content.

        A decompressor that meets damage keeps to itself what it had unpacked in the
        same call. So the content is unpacked again up to there, and on in finer steps,
        the last of them with one byte of input at a time.
        """
        yield from self.attempt(CHUNK)
        for step in FINER:
            if self.end is not End.DAMAGED or self.size > MOST_AGAIN:
                return
            yield from self.attempt(step)

    def attempt(self, step: int) -> Iterator[bytes]:
        """Unpack from the start, and yield what was not given out before.

        Args:
            step: bytes at once, beyond what was given out; where the attempt before
                this one met damage, bytes of input as well.
        """
        self._slow = self._fed if step in FINER else self._window.size
        self._input = step
        self.position = self._start
        self.end = End.OPEN
        self._step = min(self.size, CHUNK) or step
        seen = 0
        try:
            for chunk in self._streams():
                seen += len(chunk)
                new = seen - self.size
                if new > 0:
                    self.size = seen
                    self.crc = crc32(chunk[-new:], self.crc)
                    yield chunk[-new:]
                self._step = min(self.size - seen, CHUNK) or step
        except (TooLarge, MemoryError):
            self.end = End.MEMORY
        except ERRORS as error:
            # liblzma and zstd tell this kind apart from damage only by their message
            large = "memory" in str(error).lower()
            self.end = End.MEMORY if large else End.DAMAGED

    def _streams(self) -> Iterator[bytes]:
        method = self._method
        while True:
            header = self._take(method.header)
            yield from self._stream(method.make(header, self._claim.size))
            if self.end is not End.OPEN:
                return
            again = method.again
            left = self._bound - self.position
            if not again or left < len(again) or self._peek(len(again)) != again:
                self.end = End.WHOLE
                return

    def _stream(self, decompressor: Decompressor) -> Iterator[bytes]:
        data = b""
        while not decompressor.eof:
            dry = False
            if not data and decompressor.needs_input:
                self._fed = self.position
                before = self._slow - self.position
                data = self._take(min(INPUT, before) if before > 0 else self._input)
                dry = not data
            output = decompressor.decompress(data, self._step)
            data = b""
            if output:
                yield output
            elif dry and not decompressor.eof:
                # only now: output may wait inside though all input was taken
                self.end = End.CUT
                return
        self.position -= len(decompressor.unused_data)

    def _take(self, size: int) -> bytes:
        stop = self._bound if self.position < self._bound else self._stop
        data = self._window.reader.at(self.position, min(size, stop - self.position))
        self.position += len(data)
        return data

    def _peek(self, size: int) -> bytes:
        return self._window.at(self.position, size)
