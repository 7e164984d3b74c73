"""A place among the words of a pattern."""

from collections.abc import Container, Iterator

from clearward.core.errors import LimitReached, Malformed
from clearward.core.reasons import Reason
from clearward.intel.pattern.tokens import FORMAT, Token

MOST_COMPARISONS = 4_096  # in one pattern


class Cursor:
    """Take words one after the other.

    Args:
        words: of the pattern; the last one is of kind ``end``.
        old: the pattern is one of STIX 2.0.
    """

    def __init__(self, words: Iterator[Token], *, old: bool = False) -> None:
        self.old = old
        self._words = words
        self._next = next(words)
        self._comparisons = 0

    @property
    def kind(self) -> str:
        """What the next word is."""
        return self._next.kind

    def skip(self, kind: str) -> bool:
        """Take the next word if it is of a kind; say whether it was."""
        if self._next.kind != kind:
            return False
        self._step()
        return True

    def take(self, kinds: Container[str], field: str) -> Token:
        """Take the next word.

        Args:
            kinds: what it may be.
            field: what should stand there, for the error.

        Raises:
            Malformed: it is something else.
        """
        word = self._next
        if word.kind not in kinds:
            raise self.bad(field)
        self._step()
        return word

    def bad(self, field: str) -> Malformed:
        """Return the error that says that something else should stand here."""
        return Malformed(FORMAT, self._next.offset, field)

    def count(self) -> None:
        """Count a comparison.

        Raises:
            LimitReached: there are more than `MOST_COMPARISONS`.
        """
        self._comparisons += 1
        if self._comparisons > MOST_COMPARISONS:
            raise LimitReached(Reason.PARTS_LIMIT)

    def _step(self) -> None:
        self._next = next(self._words, self._next)  # the end is behind the end
