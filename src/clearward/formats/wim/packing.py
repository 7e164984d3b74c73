"""How the chunks of a Windows image are packed.

Methods by number: 0 none, 1 XPRESS with Huffman codes, 2 LZX, 3 LZMS. A chunk that
takes as many bytes as it has is stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.reader import CHUNK, Reader
from clearward.core.reasons import Reason
from clearward.formats.lz import lzx, xpress
from clearward.formats.lz.lzms import fastest as lzms
from clearward.formats.lz.lzx_codes import SLOTS

NAME = "wim"
NONE, XPRESS, LZX, LZMS = range(4)
WINDOWS = {  # the powers of two that chunks of each method have
    NONE: range(12, 31),
    XPRESS: range(12, 22),
    LZX: range(min(SLOTS), max(SLOTS) + 1),
    LZMS: range(15, 31),
}
MOST_CHUNK = 64 * MIB  # the most that is unpacked at once


@dataclass(frozen=True, slots=True)
class Packing:
    """What chunks are packed with.

    Attributes:
        method: as the layout has it; any other number if it is not known.
        chunk: bytes of the content that a chunk has, but for the last.
    """

    method: int
    chunk: int

    def reason(self) -> Reason | None:
        """Say why this cannot be unpacked, None if it can."""
        window = self.chunk.bit_length() - 1
        if window not in WINDOWS.get(self.method, ()) or self.chunk != 1 << window:
            return Reason.UNSUPPORTED
        return Reason.MEMORY_LIMIT if self.chunk > MOST_CHUNK else None

    def unpacked(self, data: Reader, size: int) -> Iterator[bytes]:
        """Yield what a chunk unpacks to.

        Args:
            data: the chunk.
            size: bytes of its content.

        Raises:
            Malformed: it is damaged. What stands before that was yielded.
        """
        if data.size == size or self.method == NONE:
            yield from data.chunks()
        elif self.method == LZX:
            yield from lzx.chunk(data, NAME, self.chunk.bit_length() - 1, size)
        elif self.method == XPRESS:
            yield from xpress.chunk(data.at(0, data.size), NAME, size)
        else:
            content = self.whole(data, size)
            for at in range(0, len(content), CHUNK):
                yield bytes(content[at : at + CHUNK])
            if len(content) < size:
                raise Malformed(NAME, data.size, "chunk")

    def whole(self, data: Reader, size: int) -> bytes | bytearray:
        """Return what a chunk unpacks to at once, less where it is damaged."""
        if self.method == LZMS and data.size != size:
            return lzms.chunk(data.at(0, data.size), size)
        content = bytearray()
        try:
            for piece in self.unpacked(data, size):
                content += piece
        except Malformed:
            return content
        return content
