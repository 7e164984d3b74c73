"""Decode LZX, as help files and cabinets use it.

Layout, in words of 16 bits, little-endian, the high bits of each first ("Microsoft LZX
data compression format"; MS-PATCH 2): a bit that says whether calls of programs were
translated, with the size of the program (32 bits) if so; then blocks: kind (3 bits: 1
verbatim, 2 aligned, 3 stored), size (24), codes, content. A symbol of the main code is
a byte, or says a match: the beginning of its length, and which of the last three
distances it has or how large a new one is.

The content is cut into frames of 32768 bytes, behind each of which the next word
begins. After every `reset` frames all begins anew.

In a Windows image each chunk is a stream of its own, of one frame, without the bit
about calls, which are always translated; the size of a block is a bit for 32768 or else
16 bits, and 8 more if the window has more than 15.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.lz.bits import HighBits
from clearward.formats.lz.codes import Codes
from clearward.formats.lz.lzx_codes import (
    BYTES,
    LENGTH_SYMBOLS,
    SLOTS,
    Tables,
    read_tables,
)

FRAME = 32 * 1024
VERBATIM, ALIGNED, STORED = 1, 2, 3
LONG = 7
LEAST = 2
EXTRA_MOST = 17
EXTRA = tuple(max(min((slot >> 1) - 1, EXTRA_MOST), 0) for slot in range(50))
BASE = tuple(sum(1 << bits for bits in EXTRA[:slot]) - 2 for slot in range(50))
IMAGE_PROGRAM = 12_000_000
SHORT_WINDOW = 15
CALL = b"\xe8"
CALL_SIZE = 5
CALL_END = 10  # so many bytes at the end of a frame are never translated


class Words(HighBits):
    """Bits of words of 16 bits, the low byte of each first."""

    __slots__ = ()

    def __init__(self, reader: Reader, format: str) -> None:
        super().__init__(reader, format)
        self._chunks = map(swapped, reader.chunks())

    def align(self) -> None:
        """Go to the next word, unless this is the start of one."""
        self.drop(self._count % 16)

    def inside_a_word(self) -> bool:
        """Say whether some bits of the word are used up."""
        return bool(self._count % 16)

    def bytes(self, size: int) -> bytes:
        """Return whole words as they stand, an even number of bytes."""
        return swapped(self.take(8 * size).to_bytes(size, "big"))


def swapped(data: bytes) -> bytes:
    """Turn the bytes of every word over; an odd one gets a zero."""
    words = bytearray(len(data) + len(data) % 2)
    words[1::2] = data[0::2]
    words[0 : len(data) - len(data) % 2 : 2] = data[1::2]
    return bytes(words)


@dataclass(slots=True)
class State:
    """What one frame leaves to the next.

    Attributes:
        main: lengths of the words of the main code.
        lengths: lengths of the words for match lengths.
        recent: the last three distances.
        kind: of the block.
        left: bytes of the block that are still to come.
        tables: codes of the block.
        program: size that calls were translated for, 0 if they were not.
        image: bits of the window of a Windows image's chunk; 0 in other streams.
    """

    main: list[int]
    lengths: list[int] = field(default_factory=lambda: [0] * LENGTH_SYMBOLS)
    recent: list[int] = field(default_factory=lambda: [1, 1, 1])
    kind: int = 0
    left: int = 0
    tables: Tables | None = None
    program: int = 0
    image: int = 0


def expand(
    reader: Reader, format: str, window: int, size: int, reset: int = 0
) -> Iterator[bytes]:
    """Yield the frames of a stream.

    Args:
        reader: the stream.
        format: name for errors.
        window: bits of the window's size, 15 to 21.
        size: bytes that the stream unpacks to.
        reset: frames after which all begins anew, 0 for never.

    Raises:
        Malformed: the stream is damaged. The frames before that were yielded.
        Truncated: it ends early; the same.
    """
    bits = Words(reader, format)
    state = State([])
    data = bytearray()
    given = frames = 0
    while given < size:
        if frames == 0 or (reset and frames % reset == 0):
            state = State([0] * (BYTES + 8 * SLOTS[window]))
            if bits.take(1):
                state.program = bits.take(16) << 16 | bits.take(16)
        del data[: max(len(data) - (1 << window), 0)]
        start = len(data)
        try:
            _frame(bits, state, data, start + min(FRAME, size - given))
        except Malformed:
            yield _finished(data[start:], given, state)
            raise
        frame = _finished(data[start:], given, state)
        yield frame
        given += len(frame)
        frames += 1
        if given < size:
            bits.align()


def chunk(reader: Reader, format: str, window: int, size: int) -> Iterator[bytes]:
    """Yield what a chunk of a Windows image unpacks to.

    Args:
        reader: the chunk.
        format: name for errors.
        window: bits of the size of chunks, 15 to 21.
        size: bytes that the chunk unpacks to.

    Raises:
        Malformed: it is damaged. What stands before that was yielded.
        Truncated: it ends early; the same.
    """
    main = [0] * (BYTES + 8 * SLOTS[window])
    state = State(main, program=IMAGE_PROGRAM, image=window)
    data = bytearray()
    try:
        _frame(Words(reader, format), state, data, size)
    except Malformed:
        yield _finished(data, 0, state)
        raise
    yield _finished(data, 0, state)


def _finished(frame: bytearray, offset: int, state: State) -> bytes:
    if state.program:
        return translated(frame, offset, state.program)
    return bytes(frame)


def _frame(bits: Words, state: State, data: bytearray, end: int) -> None:
    """Append content up to `end`; a match may not go beyond it."""
    while len(data) < end:
        if not state.left:
            _begin(bits, state)
        stop = min(end, len(data) + state.left)
        state.left -= stop - len(data)
        if state.kind == STORED:
            _stored(bits, state, data, stop)
        else:
            _coded(bits, state, data, stop)


def _begin(bits: Words, state: State) -> None:
    """Read the header of a block."""
    state.kind = bits.take(3)
    state.left = _image_block(bits, state) if state.image else bits.take(24)
    if not state.left:
        raise bits.bad("size of a block")
    if state.kind == STORED:
        if bits.inside_a_word():
            bits.align()
        else:
            bits.take(16)
        fields = bits.bytes(12)
        state.recent = [
            int.from_bytes(fields[at : at + 4], "little") for at in (0, 4, 8)
        ]
    elif state.kind in (VERBATIM, ALIGNED):
        aligned = state.kind == ALIGNED
        state.tables = read_tables(bits, state.main, state.lengths, aligned=aligned)
    else:
        raise bits.bad("kind of a block")


def _image_block(bits: Words, state: State) -> int:
    """Read the size of a block in a Windows image."""
    if bits.take(1):
        return FRAME
    size = bits.take(16)
    return size if state.image <= SHORT_WINDOW else size << 8 | bits.take(8)


def _stored(bits: Words, state: State, data: bytearray, stop: int) -> None:
    """Append bytes as they stand; an odd block has a byte of padding."""
    size = stop - len(data)
    if size % 2 and state.left:
        raise bits.bad("odd frame inside a stored block")
    data += bits.bytes(size + size % 2)[:size]


def _coded(bits: Words, state: State, data: bytearray, stop: int) -> None:
    """Append bytes and matches up to `stop`."""
    tables = state.tables
    if tables is None:
        raise bits.bad("kind of a block")
    symbol_of, recent = tables.main.symbol, state.recent
    while len(data) < stop:
        symbol = symbol_of(bits)
        if symbol < BYTES:
            data.append(symbol)
            continue
        slot, length = divmod(symbol - BYTES, 8)
        if length == LONG:
            length += tables.lengths.symbol(bits)
        distance = _distance(bits, slot, recent, tables.aligned)
        start = len(data) - distance
        if distance <= 0 or start < 0 or len(data) + length + LEAST > stop:
            raise bits.bad("match")
        _copy(data, start, length + LEAST)


def _copy(data: bytearray, start: int, length: int) -> None:
    distance = len(data) - start
    if distance >= length:
        data += data[start : start + length]
    else:
        pattern = bytes(data[start:])
        data += (pattern * (length // distance + 1))[:length]


def _distance(bits: Words, slot: int, recent: list[int], aligned: Codes | None) -> int:
    """Return how far a match reaches back, and remember it."""
    if slot < len(recent):
        recent[0], recent[slot] = recent[slot], recent[0]
        return recent[0]
    extra = EXTRA[slot]
    if aligned is not None and extra >= 3:  # noqa: PLR2004 - the bits of that code
        more = bits.take(extra - 3) << 3
        more += aligned.symbol(bits)
    else:
        more = bits.take(extra)
    distance = BASE[slot] + more
    recent[:] = [distance, recent[0], recent[1]]
    return distance


def translated(frame: bytearray, offset: int, size: int) -> bytes:
    """Return a frame with the targets of calls as the program has them."""
    data = bytearray(frame)
    at = data.find(CALL)
    while 0 <= at < len(data) - CALL_END:
        place = at + offset
        target = int.from_bytes(data[at + 1 : at + CALL_SIZE], "little", signed=True)
        if -place <= target < size:
            target += size if target < 0 else -place
            field = (target & 0xFFFFFFFF).to_bytes(4, "little")
            data[at + 1 : at + CALL_SIZE] = field
        at = data.find(CALL, at + CALL_SIZE)
    return bytes(data)
