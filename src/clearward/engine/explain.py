"""Record what parts are, where rules matched and what was left unread: `--explain`.

The record is bounded: so many records of each sort, and `MAX_PLACES` path elements, of
which the types of parts take half at most; what comes after that is left out, which
never changes the verdict.
"""

from collections.abc import Iterable, Iterator

from clearward.core.explanation import (
    MAX_ASKED,
    MAX_MATCHES,
    MAX_NAME,
    MAX_PLACES,
    MAX_TYPES,
    Asked,
    Explanation,
    Match,
    Place,
    Typed,
)
from clearward.core.kinds import Kind
from clearward.core.reasons import Reason
from clearward.engine.result import Result
from clearward.rules.ruleset import Hit


class Record:
    """Follows the walk through the parts and keeps the way to each match.

    Places are kept only once something is said about them, so a container with a
    million quiet members costs nothing.

    Args:
        result: gets the explanation.
    """

    def __init__(self, result: Result) -> None:
        self._explanation = Explanation()
        result.explanation = self._explanation
        self._way: list[bytes] = []
        self._known: list[int] = []  # indices of the first places of the way

    def enter(self, name: bytes) -> None:
        """Step into a part."""
        self._way.append(name)

    def leave(self) -> None:
        """Step back to the container."""
        self._way.pop()
        del self._known[len(self._way) :]

    def unread(self, reason: Reason, name: bytes) -> None:
        """Keep what was not looked at: this part, or a member of it with a name."""
        if len(self._explanation.unread) < MAX_MATCHES:
            here = self._here()
            place = self._add(here, name) if name else here
            self._explanation.unread.append((place, reason))

    def kind(self, kind: Kind) -> None:
        """Keep what this part is."""
        full = len(self._explanation.places) >= MAX_PLACES // 2
        if len(self._explanation.types) < MAX_TYPES and not full:
            self._explanation.types.append(Typed(self._here(), kind))

    def asks(self, target: bytes, name: bytes) -> None:
        """Keep what this part, or a member of it with a name, asks the network for."""
        asked = self._explanation.asked
        if len(asked) < MAX_ASKED:
            here = self._here()
            place = self._add(here, name) if name else here
            asked.append(Asked(place, target[:MAX_NAME]))

    def matches(self, hits: Iterable[Hit]) -> Iterator[int]:
        """Keep where rules matched, and pass their numbers on."""
        for hit in hits:
            if len(self._explanation.matches) < MAX_MATCHES:
                self._explanation.matches.append(
                    Match(hit.rule, self._here(), hit.offset, hit.length, hit.string)
                )
            yield hit.rule

    def _here(self) -> int:
        for name in self._way[len(self._known) :]:
            self._known.append(self._add(self._known[-1] if self._known else 0, name))
        return self._known[-1] if self._known else 0

    def _add(self, parent: int, name: bytes) -> int:
        """Add a place; past the bound, the parent stands for it."""
        places = self._explanation.places
        if len(places) >= MAX_PLACES:
            return parent
        places.append(Place(parent, name[:MAX_NAME]))
        return len(places) - 1
