"""What a program that passes by carries: kept as it passes, looked at once it has.

Behind its image and among its resources a program may carry streams and installers'
data, which cannot be seen where they begin: it takes the headers to say where that is.
Of each such place the formats look at the first bytes only, so these are what is kept.
"""

from clearward.core.reader import Reader
from clearward.formats.embedded.overlay import SEARCHED, spans
from clearward.formats.format import Format
from clearward.formats.identify import HEAD
from clearward.formats.installers.places import ENDING

PROGRAMS = (b"MZ", b"\x7fELF")


class Kept:
    """The front of a part, its end, and what lies where a program may carry something.

    Args:
        front: of the part.
    """

    def __init__(self, front: bytes) -> None:
        self._pieces: list[tuple[int, bytes]] = [(0, front[:HEAD])]
        self._wanted: list[range] = []
        self._size = 0
        self._end = b""
        if front.startswith(PROGRAMS):
            places = spans(front[:HEAD], Reader.of(front))
            self._wanted = [
                range(span.start, span.start + min(span.size, SEARCHED))
                for span in places
            ]

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if not self._wanted:
            return
        start, end = self._size, self._size + len(chunk)
        for wanted in self._wanted:
            first, last = max(wanted.start, start), min(wanted.stop, end)
            if first < last:
                self._pieces.append((first, chunk[first - start : last - start]))
        self._end = (self._end + chunk)[-ENDING:]
        self._size = end

    def shows(self, format: Format) -> bool:
        """Say whether a program is one that carries something of a format."""
        if not self._wanted:
            return False
        reader = Reader(self._read, self._size)
        return format.recognises(self._pieces[0][1], reader)

    def _read(self, offset: int, size: int) -> bytes:
        """Return bytes of the part, zeros for those that were not kept."""
        found = bytearray(size)
        ending = self._size - len(self._end)
        for start, piece in (*self._pieces, (ending, self._end)):
            first, last = max(start, offset), min(start + len(piece), offset + size)
            if first < last:
                found[first - offset : last - offset] = piece[
                    first - start : last - start
                ]
        return bytes(found)
