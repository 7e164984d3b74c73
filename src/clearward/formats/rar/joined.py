"""An archive put together anew: new headers, and contents where they lie, in plain.

Nothing is decrypted before it is read. In cipher block chaining a block needs only the
one before it, so reading may begin anywhere.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

from clearward.core.reader import Reader
from clearward.formats.heavy import library

BLOCK = 16


def decrypted(data: bytes, key: bytes, vector: bytes) -> bytes:
    """Return whole blocks in plain; what is left of one at the end is left out."""
    cipher = library("AES")
    plain: bytes = cipher.new(key, cipher.MODE_CBC, iv=vector).decrypt(
        data[: len(data) // BLOCK * BLOCK]
    )
    return plain


def plain(content: Reader, key: bytes, vector: bytes) -> Reader:
    """Return a reader over encrypted content in plain."""

    def read(offset: int, size: int) -> bytes:
        first = offset // BLOCK * BLOCK
        last = -(-(offset + size) // BLOCK) * BLOCK
        before = content.at(first - BLOCK, BLOCK) if first else vector
        data = decrypted(content.at(first, last - first), key, before)
        return data[offset - first : offset - first + size]

    return Reader(read, content.size // BLOCK * BLOCK)


@dataclass(slots=True)
class Joined:
    """Pieces one behind the other."""

    _pieces: list[Reader] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _size: int = 0

    def add(self, piece: Reader) -> None:
        """Put a piece at the end."""
        if piece.size:
            self._pieces.append(piece)
            self._starts.append(self._size)
            self._size += piece.size

    def reader(self) -> Reader:
        """Return a reader over all of it."""
        return Reader(self._read, self._size)

    def _read(self, offset: int, size: int) -> bytes:
        found = []
        number = bisect_right(self._starts, offset) - 1
        while size > 0 and number < len(self._pieces):
            data = self._pieces[number].at(offset - self._starts[number], size)
            if not data:
                break
            found.append(data)
            offset += len(data)
            size -= len(data)
            number += 1
        return b"".join(found)
