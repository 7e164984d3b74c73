"""Note what a scan finds and what it could not look at."""

from collections.abc import Iterable

from clearward.core.part import Gap, Item, Link, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.engine.explain import Record
from clearward.engine.result import Result
from clearward.formats.format import Format
from clearward.formats.kinds.kind import kind_of
from clearward.formats.kinds.links import links
from clearward.rules.ruleset import Hit

Guess = tuple[bool, bool]

DAMAGE = Reason.CORRUPT | Reason.TRUNCATED


class Decided(Exception):
    """The first match ends the scan: nothing can change the outcome any more."""


class Alone(Exception):
    """A share of a file cannot go on: one worker has to scan all of the file."""


class Notes:
    """Notes on one file and everything inside it.

    Args:
        result: where matches and gaps go.
        every: collect every rule; otherwise the first match raises `Decided`.
        record: where explanations go, if asked for.
        shares: only a share of the file is looked at; a gap raises `Alone`.

    Attributes:
        explains: it is asked for where rules match.
        said: how often there was anything to say, damage of guesses included.
        deepest: depth of the deepest part since it was last set.
    """

    def __init__(
        self,
        result: Result,
        *,
        every: bool,
        record: Record | None,
        shares: bool = False,
    ) -> None:
        self._result = result
        self._every = every
        self._record = record
        self._shares = shares
        self._guess = False  # nothing has come yet of what was guessed
        self._itself = False  # the part that is looked at is what was guessed
        self.explains = record is not None
        self.said = 0
        self.deepest = 0

    def below(self, part: Part) -> Guess:
        """Step into a part; return what `above` needs. Of a guess, damage is no gap.

        What gives a part with something in it is no guess any more.
        """
        before = self._guess, self._itself
        unread = self._guess and isinstance(part.content, Stream)
        self._guess, self._itself = part.guessed or unread, part.guessed
        return before

    def above(self, part: Part, before: Guess) -> None:
        """Step back to the container of a part."""
        guess, self._itself = before
        self._guess = guess and (part.guessed or self._guess)

    def proven(self) -> None:
        """Note that something came of the part that is looked at."""
        self._guess = self._guess and self._itself

    def gap(self, reason: Reason, name: bytes = b"") -> None:
        """Note that something was not looked at."""
        self.said += 1
        if self._guess and reason & DAMAGE == reason:
            return
        if self._shares:
            raise Alone
        self._result.reasons |= reason
        if self._record is not None:
            self._record.unread(reason, name)

    def kind(self, head: bytes, reader: Reader, formats: Iterable[Format]) -> None:
        """Note what a part is and what it asks to be fetched, if it is asked for."""
        if self._record is not None:
            kind = kind_of(head, reader, formats)
            self._record.kind(kind)
            for target in links(kind.name, head, reader):
                self._record.asks(target, b"")

    def says(self, item: Item) -> None:
        """Note what a container says beside its parts."""
        if isinstance(item, Gap):
            self.gap(item.reason, item.name)
        elif isinstance(item, Link) and self._record is not None:
            self._record.asks(item.target, item.name)

    def enter(self, name: bytes, depth: int) -> None:
        """Step into a part."""
        self.reach(depth)
        if self._record is not None:
            self._record.enter(name)

    def reach(self, depth: int) -> None:
        """Note that there is a part at a depth."""
        self.deepest = max(self.deepest, depth)
        self._result.depth = max(self._result.depth, depth)

    def leave(self) -> None:
        """Step back to the container."""
        if self._record is not None:
            self._record.leave()

    def hits(self, hits: Iterable[Hit]) -> None:
        """Note where rules matched."""
        if self._record is not None:
            self.rules(self._record.matches(hits))
        else:
            self.rules(hit.rule for hit in hits)

    def rules(self, numbers: Iterable[int]) -> None:
        """Note which rules matched.

        Raises:
            Decided: one did, and that is enough.
        """
        for number in numbers:
            self.said += 1
            self._result.rules[number] = None
            if not self._every:
                raise Decided
