"""What was decoded: the window that matches copy from, and the chunks given out."""

from collections.abc import Iterator

from clearward.core.errors import ClearwardError, Malformed
from clearward.core.reader import CHUNK


class Output:
    """Decoded bytes.

    Args:
        window: bytes that a match may reach back.
        before: what matches find before the first byte; nothing else may be reached.

    Attributes:
        data: the end of what was decoded; append to it.
        most: take the output away when `data` is as long as that.
    """

    __slots__ = ("_given", "_window", "data", "most")

    def __init__(self, window: int, before: bytes = b"") -> None:
        self._window = window
        self.data = bytearray(before)
        self._given = len(before)
        self.most = window + CHUNK

    def copy(self, distance: int, length: int) -> bool:
        """Append bytes from `distance` bytes back; False if that is too far."""
        data = self.data
        start = len(data) - distance
        if start < 0 or distance <= 0:
            return False
        if distance >= length:
            data += data[start : start + length]
        else:  # the match reaches into itself
            pattern = bytes(data[start:])
            whole, rest = divmod(length, distance)
            data += pattern * whole + pattern[:rest]
        return True

    def fresh(self) -> bytes:
        """Return what was not given out yet; keep no more than the window."""
        piece = bytes(self.data[self._given :])
        surplus = len(self.data) - self._window
        if surplus > 0:
            del self.data[:surplus]
        self._given = len(self.data)
        return piece


def expanded(steps: Iterator[None], output: Output) -> Iterator[bytes]:
    """Yield what a decoder appends to `output`, in chunks.

    Args:
        steps: the decoder, which yields when its output should be taken away.
        output: what it appends to.

    Raises:
        Malformed: whatever the decoder raises, behind what it decoded before.
    """
    fault: ClearwardError | None = None
    while True:
        try:
            next(steps)
        except StopIteration:
            break
        except Malformed as error:
            fault = error
            break
        if piece := output.fresh():
            yield piece
    piece = output.fresh()
    for at in range(0, len(piece), CHUNK):
        yield piece[at : at + CHUNK]
    if fault is not None:
        raise fault
