"""What an archive says about the content of a member, held against what comes out."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed, Truncated


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared.

    Attributes:
        format: name of the archive's format.
        start: where the packed content begins, in bytes from the start of the archive.
        size: bytes of the content.
        crc: its checksum, None if none is declared.
    """

    format: str
    start: int
    size: int
    crc: int | None

    def hold(
        self,
        chunks: Iterator[bytes],
        summed: Callable[[bytes, int], int] = zlib.crc32,
    ) -> Iterator[bytes]:
        """Yield chunks; raise at their end if they are not what was declared.

        Args:
            chunks: of the content.
            summed: the checksum of some bytes behind those of another checksum.

        Raises:
            Truncated: they are fewer bytes.
            Malformed: they have another checksum.
        """
        crc = size = 0
        for chunk in chunks:
            crc = summed(chunk, crc)
            size += len(chunk)
            yield chunk
        if size < self.size:
            raise Truncated(self.format, self.start, "content")
        if self.crc not in (None, crc):
            raise Malformed(self.format, self.start, "checksum")
