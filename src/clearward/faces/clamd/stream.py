"""The INSTREAM part of the clamd protocol, without a socket.

After the command the client sends chunks, each a length and that many bytes. The length
is 4 bytes, unsigned, big-endian. A length of zero ends the stream. The sum of lengths
is limited, and a chunk that goes beyond it is refused as soon as its length is known.

Source: clamd(8), INSTREAM.
"""

from enum import Enum

LENGTH_SIZE = 4


class Part(Enum):
    """What a stream has beside data."""

    END = "end"
    TOO_LONG = "too long"


class Stream:
    """Turns received bytes into pieces of data; nothing of them is kept.

    Args:
        limit: most bytes one stream may have.
    """

    __slots__ = ("_head", "_in_chunk", "_left", "_limit")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left = limit
        self._in_chunk = 0
        self._head = b""

    def begin(self) -> None:
        """Expect a new stream."""
        self._left = self._limit
        self._in_chunk = 0
        self._head = b""

    def take(self, data: memoryview, at: int) -> tuple[memoryview | Part | None, int]:
        """Return the next piece, however long it is, and where it ends.

        Args:
            data: what was received.
            at: where in it the stream goes on.

        Returns:
            None in place of a piece if `data` ends there.
        """
        while not self._in_chunk:
            head = self._head + bytes(data[at : at + LENGTH_SIZE - len(self._head)])
            at += len(head) - len(self._head)
            if len(head) < LENGTH_SIZE:
                self._head = head
                return None, at
            self._head = b""
            length = int.from_bytes(head, "big")
            if not length:
                return Part.END, at
            if length > self._left:
                return Part.TOO_LONG, at
            self._left -= length
            self._in_chunk = length
        piece = data[at : at + self._in_chunk]
        self._in_chunk -= len(piece)
        return piece or None, at + len(piece)
