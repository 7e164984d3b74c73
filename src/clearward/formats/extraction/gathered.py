"""Gather the indicators of all parts of one file, each once, within limits."""

from collections.abc import Callable, Sequence

from clearward.formats.extraction.scanner import extract
from clearward.indicators.canonical import canonical
from clearward.indicators.found import Found
from clearward.indicators.kinds import Kind

BLOCK = 1 << 20  # characters that are looked at at once
MOST_FOUND = 200_000  # in one file
MOST_LENGTH = 32 << 20  # characters of all values together
MOST_LINE = 0xFFFFFFFF

Tell = Callable[[Sequence[Found]], None]


class Gathered:
    """What was found in one file so far.

    Args:
        tell: takes what is found, as it is found.

    Attributes:
        cut: there was more than the limits allow.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told: set[tuple[Kind, str]] = set()
        self._length = 0
        self.cut = False

    def take(self, text: str) -> None:
        """Look at the text of a part."""
        line, place = 1, 0
        while place < len(text) and not self.cut:
            end = _block_end(text, place)
            block = text[place:end]
            self._tell([one for one in extract(block, line) if self._is_new(one)])
            line += block.count("\n")
            place = end

    def _is_new(self, one: Found) -> bool:
        key = one.kind, one.value
        if key in self._told or self.cut or one.line > MOST_LINE:
            return False
        # The other side of the wall takes nothing else.
        if canonical(one.kind, one.value) != one.value:
            return False
        self._length += len(one.value)
        if len(self._told) == MOST_FOUND or self._length > MOST_LENGTH:
            self.cut = True
            return False
        self._told.add(key)
        return True


def _block_end(text: str, start: int) -> int:
    """Return where a block ends: behind a line, or at white space, or anywhere."""
    end = start + BLOCK
    if end >= len(text):
        return len(text)
    for mark in ("\n", " "):
        found = text.rfind(mark, start, end)
        if found > start:
            return found + 1
    return end
