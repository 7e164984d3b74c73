"""Remember which parts were clean, so that the same bytes are not looked at twice.

The same attachments, pictures and style sheets come again and again: in the documents
of one office, in every mail with a signature. A part is known by its SHA-256 and by
whatever else the answer hangs on. Only what was looked at from end to end without a
match, a gap or any damage is remembered; what lies below it is charged again when it
is met again, so that it counts as much as it did the first time.

One worker remembers, for as long as it lives, and tells nobody; see
``docs/decisions/0016-parts-that-are-known.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from clearward.engine.budget import Budget, Spent
from clearward.engine.notes import Notes

MOST = 8192  # parts; about 2 MB

Context = tuple[object, ...]  # what the answer hangs on beside the bytes
Key = tuple[bytes, Context]


@dataclass(frozen=True, slots=True)
class Known:
    """What lies below a part that was clean.

    Attributes:
        spent: what all parts below took.
        levels: how deep they lie below it.
    """

    spent: Spent
    levels: int


class Memory:
    """Clean parts, of which the oldest are forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: dict[Key, Known] = {}

    def __len__(self) -> int:
        return len(self._known)

    def recall(self, key: Key) -> Known | None:
        """Return what is known of a part; None if nothing is."""
        return self._known.get(key)

    def keep(self, key: Key, known: Known) -> None:
        """Remember a clean part."""
        if len(self._known) >= self._most:
            del self._known[next(iter(self._known))]
        self._known[key] = known


class Met:
    """Parts that were met in one file, or in others before it.

    Args:
        memory: of clean parts; None if every part is to be looked at.
        budget: charged for what lies in a part that is known.
        notes: of the file.
        most_depth: containers at this depth are not opened.
    """

    def __init__(
        self, memory: Memory | None, budget: Budget, notes: Notes, most_depth: int
    ) -> None:
        self._memory = memory
        self._budget = budget
        self._notes = notes
        self._most_depth = most_depth
        # How many parts were below, and how much there was to say of them.
        self._opened: dict[bytes, tuple[int, int]] = {}
        self._here: set[Key] = set()  # that this file was charged for

    def look(
        self, data: bytes, context: Context, depth: int, look: Callable[[], None]
    ) -> None:
        """Look at a part unless it is known to be clean.

        Args:
            data: the part.
            context: what the answer hangs on beside the bytes.
            depth: of the part.
            look: notes whatever there is to say.

        Raises:
            LimitReached: the budget of the file does not last.
        """
        if self._memory is None:
            look()
        else:
            key = sha256(data).digest(), context
            self._unless_known(self._memory, key, depth, look)

    def open(
        self,
        data: bytes,
        context: Context | None,
        depth: int,
        opens: Callable[[], None],
    ) -> None:
        """Open a part unless it was opened in this file; its parts count again then.

        Args:
            data: the part.
            context: as for `look`; None if what is known was asked already.
            depth: of the part.
            opens: notes whatever there is to say of the parts below.

        Raises:
            LimitReached: as for `look`.
        """
        digest = sha256(data).digest()
        again = self._opened.get(digest)
        if again is not None:
            self._budget.repeated += again[0]
            self._notes.said += again[1]  # or what is around would count as clean
            return
        before, said = self._budget.counted, self._notes.said
        self._opened[digest] = 0, 1  # in itself, until it is known
        if self._memory is None or context is None:
            opens()
        else:
            self._unless_known(self._memory, (digest, context), depth, opens)
        below = self._budget.counted - before
        self._opened[digest] = below, self._notes.said - said

    def _unless_known(
        self, memory: Memory, key: Key, depth: int, look: Callable[[], None]
    ) -> None:
        budget, notes = self._budget, self._notes
        known = memory.recall(key)
        if known is not None and depth + known.levels <= self._most_depth:
            notes.reach(depth + known.levels)
            budget.spend_again(known.spent, met=key in self._here)
            self._here.add(key)
            return
        before, said, around = budget.spent(), notes.said, notes.deepest
        notes.deepest = depth
        look()
        if notes.said == said:
            self._here.add(key)
            memory.keep(key, Known(budget.spent(before), notes.deepest - depth))
        notes.reach(around)
