"""Several sets of YARA rules as one: those of text, and those of each image."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from typing_extensions import override

from clearward.rules.condition import Decision
from clearward.rules.yara import Hit, YaraRules


class JoinedRules(YaraRules):
    """Asks one set after the other.

    Args:
        sets: in the order of the numbers of their rules; at least one.
    """

    def __init__(self, sets: Sequence[YaraRules]) -> None:
        self._sets = sets
        self.first = sets[0].first
        self.names = [name for one in sets for name in one.names]
        self.spaces = ()
        self.partitions = ()

    @property
    @override
    def keys(self) -> Iterator[tuple[str, str]]:
        return iter(())

    @override
    def look_for_no_marks(self) -> None:
        for one in self._sets:
            one.look_for_no_marks()

    @override
    def load(self, number: int) -> bool:
        """Load a partition of the set that has it."""
        return any(one.load(number) for one in self._sets)

    @cached_property
    @override
    def decisions(self) -> dict[int, Decision]:
        """As for one set."""
        return {
            number: decision
            for one in self._sets
            for number, decision in one.decisions.items()
        }

    @override
    def look(self, data: bytes) -> tuple[list[int], bool]:
        """As for one set; that there are no marks is true if any set has looked."""
        found: list[int] = []
        marked = True
        for one in self._sets:
            numbers, also = one.look(data)
            found += numbers
            marked = marked and also
        return found, marked

    @override
    def explain(self, data: bytes) -> Iterator[Hit]:
        for one in self._sets:
            yield from one.explain(data)

    @override
    def match_window(self, data: bytes) -> Iterator[tuple[int, list[Hit]]]:
        for one in self._sets:
            yield from one.match_window(data)


def joined(sets: Sequence[YaraRules]) -> YaraRules | None:
    """Return sets as one, None if there is no set."""
    if len(sets) <= 1:
        return sets[0] if sets else None
    return JoinedRules(sets)
