"""Know which lines of a message are boundaries between its sections.

A boundary is matched as the beginning of a line, as mail programs do, and told apart
from an exact one, because programs that compare whole lines read on where others stop.

Source: RFC 2046, section 5.1.1.
"""

import bisect
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 998  # bytes of a boundary that are compared; RFC 2046 allows 70
MOST = 10_000  # boundaries in one message


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line that separates sections.

    Attributes:
        token: the boundary as it was declared, or first met.
        exact: the line holds the boundary and nothing else.
        closes: the line says that the multipart ends here.
    """

    token: bytes
    exact: bool
    closes: bool = False


class Boundaries:
    """The boundaries known so far in one message.

    Attributes:
        full: a boundary was declared that no longer found room.
    """

    def __init__(self) -> None:
        self._all: set[bytes] = set()
        # Sorted, and none begins with another: so the greatest that is not above a
        # line is its beginning if any is.
        self._declared: list[bytes] = []
        self.full = False

    def declare(self, tokens: Iterable[bytes]) -> None:
        """Add boundaries that a header names."""
        for token in tokens:
            if self.add(token[:LONGEST]) and token:
                self._insert(token[:LONGEST])

    def add(self, token: bytes) -> bool:
        """Add a boundary that only whole lines are compared with; say if it is new."""
        if token in self._all:
            return False
        if len(self._all) >= MOST:
            self.full = True
            return False
        self._all.add(token)
        return True

    def match(self, line: bytes) -> Boundary | None:
        """Say which boundary a line is.

        Args:
            line: what follows the two hyphens, without the line end.
        """
        text = line.rstrip(b" \t\0")
        if text in self._all:
            return Boundary(text, exact=True)
        if text.endswith(b"--") and text[:-2] in self._all:
            return Boundary(text[:-2], exact=True, closes=True)
        at = bisect.bisect_right(self._declared, line)
        if at and line.startswith(self._declared[at - 1]):
            return Boundary(self._declared[at - 1], exact=False)
        return None

    def _insert(self, token: bytes) -> None:
        at = bisect.bisect_right(self._declared, token)
        if at and token.startswith(self._declared[at - 1]):
            return
        end = at
        while end < len(self._declared) and self._declared[end].startswith(token):
            end += 1
        self._declared[at:end] = [token]
