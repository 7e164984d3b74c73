"""Say which objects of an observation pass a test.

AND and OR are about the same object: what a comparison starts from.
"""

from clearward.intel.pattern.budget import Budget
from clearward.intel.pattern.judging import Judge, judge
from clearward.intel.pattern.reaching import reached
from clearward.intel.pattern.seen import Seen
from clearward.intel.pattern.tree import Comparison, Junction, Operator, Test, Word

_LETTERS = 64  # of a value that are searched in one step
_EXPRESSION = 10_000  # steps; the largest that is taken needs as many to be compiled


class Passing:
    """Try tests on observations; what a comparison needs is made once.

    Args:
        budget: of steps.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._judges: dict[int, Judge] = {}

    def passed(self, test: Test, seen: Seen) -> frozenset[str]:
        """Return the keys of the objects that pass a test.

        Raises:
            LimitReached: the budget ran out.
            Refused: an expression in the test is not taken.
        """
        if isinstance(test, Comparison):
            return self._compared(test, seen)
        found = self.passed(test.parts[0], seen)
        for part in test.parts[1:]:
            if test.word is Word.OR:
                found |= self.passed(part, seen)
            elif found:
                found &= self.passed(part, seen)
        return found

    def prepare(self, test: Test) -> None:
        """Make what a test needs, so that a bad one is refused whatever was seen.

        Raises:
            Refused: an expression in the test is not taken.
        """
        if isinstance(test, Junction):
            for part in test.parts:
                self.prepare(part)
        elif test.operator is not Operator.EXISTS:
            heavy = test.operator is Operator.MATCHES
            self._budget.spend(_EXPRESSION if heavy else 1)
            self._judges[id(test)] = judge(test)

    def _compared(self, test: Comparison, seen: Seen) -> frozenset[str]:
        self._budget.spend()
        return frozenset(
            key
            for key, one in seen.objects.items()
            if one.get("type") == test.path.type and self._is_one(test, key, seen)
        )

    def _is_one(self, test: Comparison, key: str, seen: Seen) -> bool:
        found = reached(seen.objects[key], test.path.steps, seen.objects, self._budget)
        if test.operator is Operator.EXISTS:
            return bool(found) is not test.is_negated
        passes = self._judges[id(test)]
        for value in found:
            if isinstance(value, str | bytes):
                self._budget.spend(1 + len(value) // _LETTERS)
            if passes(value):
                return True
        return False
