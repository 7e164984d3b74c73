"""Look digests up in a set: the filter first, and what it may have in an exact list.

What the filter does not have is unknown, and nobody is asked. What it may have is
decided by the list or a bucket; where there is neither it stays undecided, which is no
answer and never "unknown".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clearward.core.errors import Malformed, Refused
from clearward.reputation.filter_file import Filter
from clearward.reputation.head import Head
from clearward.reputation.labels import Label

Exact = Callable[[bytes], tuple[int, ...]]  # a digest to numbers of its labels


class State(StrEnum):
    """What is said of a digest."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one digest.

    Attributes:
        digest: SHA-256.
        state: known, unknown, or undecided.
        labels: what it is known as, and who says so; none if it is not known.
    """

    digest: bytes
    state: State
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What every way of looking up needs of a set.

    Attributes:
        head: its head.
        labels: all of them.
        filter: built from its list.

    Raises:
        Refused: the filter is that of another set.
    """

    head: Head
    labels: tuple[Label, ...]
    filter: Filter

    def __post_init__(self) -> None:
        if (
            self.filter.set_id != self.head.id
            or self.filter.records != self.head.records
        ):
            raise Refused("the filter is that of another set")

    def perhaps(self, digests: Sequence[bytes]) -> list[bytes]:
        """Return the digests that the filter has, or seems to have."""
        answers = self.filter.has(b"".join(digests))
        return [one for one, has in zip(digests, answers, strict=True) if has]

    def look_up(self, digests: Sequence[bytes], exact: Exact | None) -> list[Answer]:
        """Return an answer for each digest.

        Args:
            digests: of 32 bytes.
            exact: decides about those that the filter has; None if nothing does.

        Raises:
            Malformed: what decides is not whole.
        """
        perhaps = set(self.perhaps(digests))
        return [self._answer(one, exact, listed=one in perhaps) for one in digests]

    def _answer(self, digest: bytes, exact: Exact | None, *, listed: bool) -> Answer:
        if not listed:
            return Answer(digest, State.UNKNOWN)
        if exact is None:
            return Answer(digest, State.UNDECIDED)
        numbers = exact(digest)
        if not numbers:
            return Answer(digest, State.UNKNOWN)
        if max(numbers) >= len(self.labels):
            raise Malformed("list", 0, "label")
        return Answer(digest, State.KNOWN, tuple(self.labels[one] for one in numbers))
