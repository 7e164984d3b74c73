"""A forward source to which bytes that were looked at too early are given back.

Archives of headers and contents (tar, cpio, ar, and rpm around a cpio) have to look
ahead to tell damage from content: the next member is where a header is found again.
"""

from itertools import chain

from clearward.core.reader import Content, Cursor, Forward, Stream


class Rewind:
    """`archive`, read from front to back, with a way to step back.

    Args:
        archive: the bytes. A cursor is simply set back; what a stream has given is
            held, so give back little.
    """

    __slots__ = ("_archive", "_held", "_part")

    def __init__(self, archive: Forward) -> None:
        self._archive = archive
        self._held = b""  # given back, not yet taken again
        self._part: Content | None = None  # handed out last

    @property
    def offset(self) -> int:
        """Bytes read or skipped so far, without those given back."""
        return self._archive.offset - len(self._held)

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes, or fewer at the end."""
        if not self._held:
            return self._archive.take(size)
        data = self._again(size)
        return data + self._archive.take(size - len(data))

    def give_back(self, data: bytes) -> None:
        """Put back the last bytes taken, to be read again."""
        if isinstance(self._archive, Cursor):
            self._archive.offset -= len(data)
        else:
            self._held = data + self._held

    def skip(self, size: int) -> int:
        """Pass over `size` bytes; return how many there were."""
        if not self._held:
            return self._archive.skip(size)
        passed = len(self._again(size))
        return passed + self._archive.skip(size - passed)

    def part(self, size: int) -> Content:
        """Return the next `size` bytes as a part of their own, fewer at the end."""
        first = self._again(size)
        content = self._archive.part(size - len(first))
        if first and isinstance(content, Stream):
            content = Stream(chain((first,), content.rest()))
        self._part = content
        return content

    def reach(self, end: int) -> bool:
        """Go on at the offset `end`, however much of the last part was read.

        Say whether there are so many bytes.
        """
        part, self._part = self._part, None
        if isinstance(part, Stream):
            for _ in part.rest():
                pass
        self.skip(end - self.offset)
        return self.offset >= end

    def _again(self, size: int) -> bytes:
        data, self._held = self._held[:size], self._held[size:]
        return data
