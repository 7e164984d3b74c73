"""Take a body that is sent in chunks out of its frames.

    44 CR LF                          size in hexadecimal, perhaps with extensions
    68 bytes CR LF
    0 CR LF                           the last; "0; ieof" if no more comes at all
    CR LF                             fields behind the body stand in front of this

A size that is not plainly a number, a line that ends with LF alone or anything else
behind a chunk is refused: what another program takes for the end of the body must not
be another place than here.

Source: RFC 3507, section 4.5; RFC 2616, section 3.6.1.
"""

import re

from clearward.faces.icap.status import Fault

MOST_LINE = 1024  # bytes of a size with its extensions
MOST_TRAILER = 8 * 1024  # bytes of fields behind the body
MOST_PIECE = 64 * 1024  # bytes given at once

# 15 digits are 2 to the 60th: no sum of them runs over, and no object is as large.
_SIZE = re.compile(rb"(?P<size>[0-9A-Fa-f]{1,15})[ \t]*(?P<extensions>;[\t -~]*)?")
_IEOF = re.compile(rb";[ \t]*ieof[ \t]*(?:;|\Z)", re.IGNORECASE)
_END = b"\r\n"


class Chunks:
    """Takes frames off a buffer that somebody else fills.

    Attributes:
        ended: the last chunk, and what stands behind it, was read.
        complete: it said ``ieof``: nothing follows a preview.
    """

    def __init__(self) -> None:
        self.ended = False
        self.complete = False
        self._left = 0  # bytes of this chunk that are still to come
        self._behind = False  # the line end behind a chunk is next
        self._trailer = False
        self._trailer_size = 0

    def take(self, buffer: bytearray) -> bytes:
        """Take the next piece of the body off the front of `buffer`.

        Returns:
            Some bytes; nothing if there are no more yet, or the body has `ended`.

        Raises:
            Fault: a frame is wrong.
        """
        while not self.ended and not self._left:
            line = self._line(buffer)
            if line is None:
                return b""
            self._read(line)
        size = min(self._left, len(buffer), MOST_PIECE)
        piece = bytes(memoryview(buffer)[:size])
        del buffer[:size]
        self._left -= size
        self._behind = bool(size) and not self._left
        return piece

    def _line(self, buffer: bytearray) -> bytes | None:
        """Take a line without its end; None if it is not there whole."""
        if self._behind:
            if not _END.startswith(buffer[:2]):
                raise Fault("end of a chunk")
            if len(buffer) < len(_END):
                return None
            del buffer[:2]
            self._behind = False
        end = buffer.find(b"\n", 0, MOST_LINE)
        if end < 0:
            if len(buffer) >= MOST_LINE:
                raise Fault("length of a line in the body")
            return None
        line = bytes(buffer[: end + 1])
        if not line.endswith(_END):
            raise Fault("end of a line in the body")
        del buffer[: end + 1]
        return line[:-2]

    def _read(self, line: bytes) -> None:
        if self._trailer:
            self._trailer_size += len(line)
            if self._trailer_size > MOST_TRAILER:
                raise Fault("length of the fields behind the body")
            self.ended = not line
            return
        found = _SIZE.fullmatch(line)
        if found is None:
            raise Fault("size of a chunk")
        self._left = int(found["size"], 16)
        if not self._left:
            self._trailer = True
            extensions = found["extensions"] or b""
            self.complete = _IEOF.search(extensions) is not None
