"""Find lines that begin in a certain way, in a part of any size and in linear time."""

import re
from collections.abc import Iterator

from clearward.core.reader import CHUNK, Reader

AHEAD = 4096  # bytes behind the start of a mark that are always in its window

# One line end. CR CR LF, made by programs that convert twice, is one; so a blank line
# is two of these in a row, whatever they look like.
LINE_END = rb"(?>\r{0,2}\n|\r)"
# The same, where it begins with the last byte of a line end: such a pattern is quick.
BLANK_LINE = rb"[\r\n](?:(?<=\n)|(?!\r?\n))" + LINE_END

_REST = re.compile(rb"[^\r\n]{0,%d}+(?:%s)?" % (AHEAD, LINE_END))


class Mark:
    """A line that begins in a certain way.

    Attributes:
        start: offset of its first byte in the part.
        end: offset behind what the pattern matched.
        match: what the pattern matched, the line end before the line included.
    """

    __slots__ = ("end", "match", "start")

    def __init__(self, base: int, match: re.Match[bytes]) -> None:
        self.start = base + match.start() + 1
        self.end = base + match.end()
        self.match = match

    @property
    def next_line(self) -> int:
        """Offset of the line behind this one, or of the end of a part that ends here.

        What of the line is not matched and longer than `AHEAD` counts as a line.
        """
        rest = _REST.match(self.match.string, self.match.end())
        return self.end + (rest.end() - rest.start() if rest is not None else 0)

    def followed_by(self, pattern: re.Pattern[bytes]) -> bool:
        """Say whether a pattern matches what is next; it sees `AHEAD` bytes of it."""
        return pattern.match(self.match.string, self.match.end()) is not None


def find(
    part: Reader, pattern: re.Pattern[bytes], start: int, needs: tuple[bytes, ...] = ()
) -> Iterator[Mark]:
    r"""Yield each line from `start` on that begins with `pattern`.

    Args:
        part: where to look.
        pattern: begins with ``[\r\n]``, the end of the line before; matches at most
            `AHEAD` bytes.
        start: offset of the first line.
        needs: every match holds one of these. Where none of them is near, as in a
            long run of base64, the pattern is not tried, which is much quicker.
    """
    base = start - 1
    window = b"\n" + part.at(start, CHUNK + AHEAD)
    done = base
    while True:
        last = base + len(window) >= part.size or len(window) <= AHEAD
        limit = len(window) if last else len(window) - AHEAD
        if not needs or any(need in window for need in needs):
            for match in pattern.finditer(window):
                if match.start() >= limit:
                    break
                mark = Mark(base, match)
                if mark.start > done:
                    done = mark.end
                    yield mark
        if last:
            return
        base += limit
        window = part.at(base, CHUNK + AHEAD)
