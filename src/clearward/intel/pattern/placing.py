"""Find observations for every part of a pattern.

A condition of time is a choice of which observations may be used: FOLLOWEDBY is a
moment, WITHIN a window that starts where one of them ends. Each choice leaves demands
that need no order, and those are a question of flow (`fitting`). So nothing is tried
observation by observation, and a number of repeats is a number.

Source: STIX 2.1, sections 9.3 and 9.5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clearward.core.errors import LimitReached
from clearward.core.reasons import Reason
from clearward.intel.pattern.budget import Budget
from clearward.intel.pattern.fitting import Demand, Supply
from clearward.intel.pattern.moments import SECOND, moment
from clearward.intel.pattern.passing import Passing
from clearward.intel.pattern.seen import Seen
from clearward.intel.pattern.tree import (
    Between,
    Joined,
    Observation,
    Pattern,
    Qualified,
    Repeats,
    Within,
    Word,
)

MOST_DEMANDS = 100

_Demands = tuple[Demand, ...]


class Placing:
    """Search for demands that can be met.

    Args:
        seen: what was observed.
        budget: of steps.
    """

    def __init__(self, seen: Sequence[Seen], budget: Budget) -> None:
        self._seen = seen
        self._budget = budget
        self._passing = Passing(budget)
        self._supply = Supply([one.count for one in seen], budget)
        self._passed: dict[int, int] = {}

    @property
    def all(self) -> int:
        """A bit for each observation."""
        return (1 << len(self._seen)) - 1

    def prepare(self, pattern: Pattern) -> None:
        """Try all tests of a pattern on everything.

        Raises:
            LimitReached: the budget ran out.
            Refused: an expression in it is not taken.
        """
        if isinstance(pattern, Qualified):
            self.prepare(pattern.what)
        elif isinstance(pattern, Joined):
            for part in pattern.parts:
                self.prepare(part)
        else:
            self._passing.prepare(pattern.test)
            which = 0
            for at, one in enumerate(self._seen):
                if self._passing.passed(pattern.test, one):
                    which |= 1 << at
            self._passed[id(pattern)] = which

    def place(
        self, pattern: Pattern, which: int, before: _Demands, times: int = 1
    ) -> Iterator[_Demands]:
        """Yield demands that can be met: those before, and those of a pattern.

        Args:
            pattern: prepared.
            which: observations that may be used for it, as bits.
            before: demands of what else has to be there.
            times: how often it has to be there.
        """
        self._budget.spend()
        if isinstance(pattern, Observation):
            yield from self._observed(pattern, which, before, times)
        elif isinstance(pattern, Joined) and pattern.word is Word.AND:
            yield from self._all(pattern.parts, which, before, times)
        elif times > 1 and not _is_of_repeats(pattern):
            yield from self._copies(pattern, which, before, times)
        elif isinstance(pattern, Qualified):
            yield from self._qualified(pattern, which, before, times)
        elif pattern.word is Word.OR:
            for part in pattern.parts:
                yield from self.place(part, which, before)
        else:
            yield from self._followed(pattern.parts, which, before)

    def _observed(
        self, pattern: Observation, which: int, before: _Demands, times: int
    ) -> Iterator[_Demands]:
        demands = (*before, Demand(self._passed[id(pattern)] & which, times))
        if len(demands) > MOST_DEMANDS:
            raise LimitReached(Reason.PARTS_LIMIT)
        if self._supply.fits(demands):
            yield demands

    def _all(
        self, parts: Sequence[Pattern], which: int, before: _Demands, times: int
    ) -> Iterator[_Demands]:
        if len(parts) > MOST_DEMANDS:
            raise LimitReached(Reason.PARTS_LIMIT)
        if not parts:
            yield before
            return
        for demands in self.place(parts[0], which, before, times):
            yield from self._all(parts[1:], which, demands, times)

    def _copies(
        self, pattern: Pattern, which: int, before: _Demands, times: int
    ) -> Iterator[_Demands]:
        """Place a pattern several times, differently each time if need be."""
        if self._supply.of(which) < times:
            return
        if times > MOST_DEMANDS:
            raise LimitReached(Reason.PARTS_LIMIT)
        yield from self._all((pattern,) * times, which, before, 1)

    def _followed(
        self, parts: Sequence[Pattern], which: int, before: _Demands
    ) -> Iterator[_Demands]:
        """Place all but the last up to a moment, and the last from it on."""
        if len(parts) > MOST_DEMANDS:
            raise LimitReached(Reason.PARTS_LIMIT)
        if len(parts) == 1:
            yield from self.place(parts[0], which, before)
            return
        for time in self._times(which, is_last=False):
            earlier = which & self._among(which, None, time)
            later = which & self._among(which, time, None)
            for demands in self._followed(parts[:-1], earlier, before):
                yield from self.place(parts[-1], later, demands)

    def _qualified(
        self, pattern: Qualified, which: int, before: _Demands, times: int
    ) -> Iterator[_Demands]:
        *inner, last = pattern.qualifiers
        what: Pattern = pattern.what
        if inner:
            what = replace(pattern, qualifiers=tuple(inner))
        if isinstance(last, Repeats):
            yield from self.place(what, which, before, times * last.times)
        elif isinstance(last, Between):
            start, stop = moment(last.start), moment(last.stop)
            if start is not None and stop is not None and start < stop:
                allowed = self._among(which, start, stop - 1)
                yield from self.place(what, allowed, before, times)
        else:
            for time in self._times(which, is_last=True):
                end = time + _picoseconds(last)
                allowed = self._among(which, time, end)
                yield from self.place(what, allowed, before)

    def _times(self, which: int, *, is_last: bool) -> list[int]:
        """Ends, or starts, of some observations, each once, in order."""
        found = {
            one.last if is_last else one.first
            for at, one in enumerate(self._seen)
            if which >> at & 1
        }
        self._budget.spend(1 + len(self._seen) // 8)
        return sorted(time for time in found if time is not None)

    def _among(self, which: int, start: int | None, end: int | None) -> int:
        """Those of some observations that may have been made between two moments."""
        self._budget.spend(1 + len(self._seen) // 8)
        found = 0
        for at, one in enumerate(self._seen):
            if one.first is None or one.last is None or not which >> at & 1:
                continue
            if (start is None or one.last >= start) and (
                end is None or one.first <= end
            ):
                found |= 1 << at
        return found


def _is_of_repeats(pattern: Pattern) -> bool:
    """Say whether its repeats are those of what it is made of, times a number."""
    return isinstance(pattern, Qualified) and not any(
        isinstance(one, Within) for one in pattern.qualifiers
    )


def _picoseconds(within: Within) -> int:
    return int(within.seconds * SECOND)
