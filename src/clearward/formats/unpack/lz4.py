"""Unpack LZ4 files: frames, present and legacy, joined as `lz4 -d` joins them.

The library reads present frames (magic 04 22 4D 18) and passes over skippable ones
(50..5F 2A 4D 18 and a size of 4 bytes). A file that begins with one of those is taken
by the zstd reader, which leaves what follows to this one. Layout of a legacy frame,
little-endian (LZ4 Frame Format Description 1.6.4, "Legacy frame"):

    offset  length  field
    0       4       magic, 02 21 4C 18
    then for each block, up to the end of the file or a size that no block can have:
    0       4       size of the compressed block
    4       size    block; it holds 8 MiB, the last one may hold less

The Linux kernel writes the size of its image behind such a frame; that is trailing.
"""

from collections.abc import Iterator

from lz4 import block
from lz4.frame import LZ4FrameDecompressor

from clearward.core.limits import MIB
from clearward.core.part import Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Decompressor, Narrowed
from clearward.formats.inflate import Frames

NAME = "lz4"
FRAME = b"\x04\x22\x4d\x18"
LEGACY = b"\x02\x21\x4c\x18"
SKIPPABLE = tuple(bytes((n, 0x2A, 0x4D, 0x18)) for n in range(0x50, 0x60))
NAMES_DICTIONARY = 1  # in the byte behind a frame's magic
NOTHING = SKIPPABLE[0] + bytes(4)
MAGICS = (FRAME, LEGACY)

SIZE = 4
BLOCK = 8 * MIB
ERRORS = (RuntimeError, ValueError, block.LZ4BlockError)
MOST_PACKED = BLOCK + BLOCK // 255 + 16  # what 8 MiB that do not compress become


class Block:
    """One block of a legacy frame in the shape of `Decompressor`."""

    def __init__(self) -> None:
        self._input = bytearray()
        self._output = b""
        self._given = 0
        self._whole = False
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give at most `max_length` bytes of output.

        Raises:
            block.LZ4BlockError: the block is damaged, or holds more than 8 MiB.
        """
        self._input += data
        if not self._whole:
            self._take_block()
        output = self._output[self._given : self._given + max_length]
        self._given += len(output)
        self.needs_input = not self._whole
        self.eof = self._whole and self._given == len(self._output)
        return output

    def _take_block(self) -> None:
        end = SIZE + int.from_bytes(self._input[:SIZE], "little")
        if len(self._input) < end:
            return
        packed = bytes(self._input[SIZE:end])
        self.unused_data = bytes(self._input[end:])
        self._input.clear()
        self._whole = True
        self._output = block.decompress(packed, uncompressed_size=BLOCK)


class Opener:
    """Says what begins where, for `Frames`; remembers the kind of the last frame.

    Attributes:
        dictionary: the last frame names a dictionary, which is not in the file. Few of
            them can be decoded without it.
    """

    def __init__(self) -> None:
        self._legacy = False
        self.dictionary = False

    def __call__(self, head: bytes) -> Decompressor | None:
        """Make the decompressor for what starts with `head`, None if nothing does."""
        if head.startswith(LEGACY):
            self._legacy = True
            return Narrowed(LZ4FrameDecompressor(), len(LEGACY), NOTHING)
        if head.startswith((FRAME, *SKIPPABLE)):
            self._legacy = False
            self.dictionary = int.from_bytes(head[4:5]) & NAMES_DICTIONARY > 0
            frame: Decompressor = LZ4FrameDecompressor()
            return frame
        if self._legacy and _is_block(head):
            return Block()
        return None

    def reason(self, error: Exception) -> Reason:  # noqa: ARG002
        """What damage says about the last frame."""
        return Reason.UNSUPPORTED if self.dictionary else Reason.CORRUPT


def _is_block(head: bytes) -> bool:
    return 0 < int.from_bytes(head[:SIZE], "little") <= MOST_PACKED


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is LZ4."""
    return head.startswith(MAGICS)


def unpack(source: Forward) -> Iterator[Part]:
    """Yield the content, then whatever lies behind it.

    Raises:
        Undecoded: unsupported, a frame that needs a dictionary.
        Malformed: a block or a checksum is wrong.
        Truncated: the last frame has no end.
    """
    opener = Opener()
    frames = Frames(NAME, source, opener, errors=ERRORS, reason_of=opener.reason)
    yield Part(Stream(iter(frames)))
    tail = frames.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")
