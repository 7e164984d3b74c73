"""Requests of HTTP as the other end of the lab reads them, without a socket.

Only what the door sends has to be understood: a head that ends with an empty line, and
a body if its length is said. Source: RFC 9112, sections 2 and 6.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]{1,9})(?=\r\n|$)", re.IGNORECASE)
_MOST_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    Attributes:
        target: path.
        body: behind the head.
    """

    target: str
    body: bytes = b""


class Requests:
    """Turn received bytes into requests. What is none is passed over."""

    def __init__(self) -> None:
        self._buffer = b""

    def receive(self, data: bytes) -> Iterator[Asked]:
        """Take bytes as they arrive, however split, and yield what is whole."""
        self._buffer += data
        while True:
            head, end, rest = self._buffer.partition(_END)
            if not end:
                if len(self._buffer) > _MOST_HEAD:
                    self._buffer = b""
                return
            said = _LENGTH.search(head)
            length = int(said[1]) if said else 0
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            words = head.partition(b"\r\n")[0].split(b" ")
            if len(words) == len(("method", "target", "version")):
                yield Asked(words[1].decode("ascii", "replace"), rest[:length])
