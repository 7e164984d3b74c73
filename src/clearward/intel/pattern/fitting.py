"""Say whether every part of a pattern can have observations of its own.

A demand is a number of times and the observations that would do; one that was made
several times can stand for as many. It is a question of flow: from demands to groups
of observations that the same demands take.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from clearward.intel.pattern.budget import Budget


@dataclass(frozen=True, slots=True)
class Demand:
    """So many of some observations.

    Attributes:
        which: a bit for each observation that would do.
        times: how many are needed.
    """

    which: int
    times: int


class Supply:
    """How often each observation was made.

    Args:
        counts: of each, once at least.
        budget: of steps.
    """

    def __init__(self, counts: Sequence[int], budget: Budget) -> None:
        self._more = {
            1 << at: count - 1 for at, count in enumerate(counts) if count > 1
        }
        self._budget = budget

    def of(self, which: int) -> int:
        """Return how often some observations were made, together."""
        self._budget.spend(1 + len(self._more) // 8)
        more = sum(count for bit, count in self._more.items() if bit & which)
        return which.bit_count() + more

    def fits(self, demands: Sequence[Demand]) -> bool:
        """Say whether all demands can be met, none by what meets another.

        Raises:
            LimitReached: the budget ran out.
        """
        if any(self.of(demand.which) < demand.times for demand in demands):
            return False
        groups = self._groups(demands)
        flow = _Flow(demands, groups, [self.of(group) for group in groups])
        return all(flow.met(number, self._budget) for number in range(len(demands)))

    def _groups(self, demands: Sequence[Demand]) -> list[int]:
        """Observations that the same demands take, together."""
        rest = 0
        for demand in demands:
            rest |= demand.which
        groups = [rest] if rest else []
        for demand in demands:
            self._budget.spend(len(groups))
            cut = ((one & demand.which, one & ~demand.which) for one in groups)
            groups = [part for pair in cut for part in pair if part]
        return groups


class _Flow:
    """What of each group each demand has."""

    def __init__(
        self, demands: Sequence[Demand], groups: Sequence[int], left: list[int]
    ) -> None:
        self._demands = demands
        self._takes = [
            [at for at, group in enumerate(groups) if group & demand.which]
            for demand in demands
        ]
        self._left = left
        self._has: list[dict[int, int]] = [{} for _ in groups]  # group: demand: times

    def met(self, demand: int, budget: Budget) -> bool:
        """Give a demand what it needs, moving what others have."""
        missing = self._demands[demand].times
        while missing:
            way = self._way(demand, budget)
            if way is None:
                return False
            last = way[-1][1]
            most = min(missing, self._left[last])
            for (_, group), (other, _) in pairwise(way):
                most = min(most, self._has[group][other])
            self._left[last] -= most
            for taker, group in way:
                self._has[group][taker] = self._has[group].get(taker, 0) + most
            for (_, group), (other, _) in pairwise(way):
                self._has[group][other] -= most
            missing -= most
        return True

    def _way(self, start: int, budget: Budget) -> list[tuple[int, int]] | None:
        """The shortest chain of demands and groups that ends in one with some left."""
        came: dict[int, tuple[int, int] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            demand = waiting.popleft()
            for group in self._takes[demand]:
                budget.spend()
                if self._left[group]:
                    return _chain(came, demand, group)
                for other, times in self._has[group].items():
                    if times and other not in came:
                        came[other] = (demand, group)
                        waiting.append(other)
        return None


def _chain(
    came: dict[int, tuple[int, int] | None], demand: int, group: int
) -> list[tuple[int, int]]:
    way = [(demand, group)]
    before = came[demand]
    while before is not None:
        way.append(before)
        before = came[before[0]]
    return way[::-1]
