"""Content that is read once as it passes and needed again afterwards."""

from collections.abc import Iterator

from clearward.core.reader import Content, Reader, Stream


class Kept:
    """A part to hand out, and the same bytes for a second reading.

    Args:
        content: the bytes.
        most: bytes that are held at most if the content is a stream.

    Attributes:
        part: what to hand out in place of `content`.
    """

    def __init__(self, content: Content, most: int) -> None:
        self._most = most
        self._pieces: list[bytes] = []
        self._size = 0
        self.part: Content = content
        if isinstance(content, Stream):
            self.part = Stream(self._passing(content))

    def again(self) -> Reader | None:
        """Return the whole content, read to its end; None if it was too long to hold.

        The part handed out is not to be read afterwards.
        """
        if isinstance(self.part, Reader):
            return self.part
        for _ in self.part.rest():
            pass
        if self._size > self._most:
            return None
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return Reader.of(whole)

    def _passing(self, content: Stream) -> Iterator[bytes]:
        for piece in content.rest():
            self._size += len(piece)
            if self._size <= self._most:
                self._pieces.append(piece)
            else:
                self._pieces.clear()
            yield piece
