"""Undo Brotli, which 7-Zip's forks write, in the shape of `Decompressor`."""

from clearward.formats import heavy
from clearward.formats.decompressor import Decompressor

BLOCK_MAGIC, BLOCK_MARK = b"\x50\x2a\x4d\x18\x08\0\0\0", b"BR"
BLOCK_HEADER = 16


class Brotli:
    """A Brotli stream.

    Args:
        skip: bytes in front of it.
        size: bytes of it, if that is known.
    """

    def __init__(self, skip: int = 0, size: int | None = None) -> None:
        library = heavy.library("brotli")
        self._inner = library.Decompressor()
        self._error = library.error
        self._skip = skip
        self._left = size
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take input, give about `max_length` bytes of output.

        Raises:
            ValueError: the stream is damaged, or does not end where it should.
        """
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        data = data[skipped:]
        if self._left is not None:
            self.unused_data += data[self._left :]
            data = data[: self._left]
            self._left -= len(data)
        try:
            output: bytes = self._inner.process(data, output_buffer_limit=max_length)
        except self._error as error:
            raise ValueError("a damaged stream") from error
        self.eof = self._inner.is_finished()
        self.needs_input = not output and not self.eof
        if self.needs_input and self._left == 0:
            raise ValueError("a block without an end")
        return output


def begin_brotli(head: bytes) -> Decompressor | None:
    """Make a decompressor for a stream, or for a block as multithreaded encoders write.

    A block has a skippable frame in front: magic and size, the size of the stream
    (4 bytes), "BR", and a hint for the size of its content (2 bytes).
    """
    if head.startswith(BLOCK_MAGIC) and head[12:14] == BLOCK_MARK:
        return Brotli(BLOCK_HEADER, int.from_bytes(head[8:12], "little"))
    return Brotli() if head else None
