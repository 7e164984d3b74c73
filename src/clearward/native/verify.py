"""Verify one signature: all that its program says, against all of a part.

In this order: conditions; then the sub-signatures, by number (a byte compare after
what it refers to); then the expression over their counts. Counts:

    BODY     the number of its matches (`bodies`); 0 if it is placed in a GROUP
    COMPARE  1 if it holds (`compare`), else 0
    MACRO    the number of places at which matches of bodies of its group start that lie
             least to most bytes (both included) behind the start of any match of the
             sub-signature before it; its matches start at these places (clamscan finds
             some of these only: which depends on what follows)
    REGEX    what `decide` finds, if its trigger may be true; else 0
    IMAGE    likewise, without a trigger

Without `decide` a REGEX whose trigger may be true counts 0 or any number, an IMAGE 0 or
1, and a compare that refers to such a REGEX 0 or 1; see `expression` for what is made
of that.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clearward.core.facts import Facts
from clearward.native.bodies import Body, find
from clearward.native.compare import Compare, holds
from clearward.native.conditions import met
from clearward.native.expression import ENDLESS, Count, evaluate
from clearward.native.layout import Where
from clearward.native.paged import Data
from clearward.native.programs import Macro, Picture, Program, Regex, Sub
from clearward.native.steps import Steps
from clearward.native.types import Types

Decide = Callable[[int, "Regex | Picture", "Sequence[Result]"], Sequence[int]]
NONE = Count(0, 0)


@dataclass(frozen=True, slots=True)
class Result:
    """What is known about a sub-signature.

    Attributes:
        count: of matches.
        last: start of the last match, None if there is none or it is not known.
        starts: of all matches of a body or macro, ascending.
    """

    count: Count = NONE
    last: int | None = None
    starts: tuple[int, ...] = ()


NOTHING = Result()


@dataclass(frozen=True, slots=True)
class Part:
    """A part as a whole.

    Attributes:
        data: its bytes.
        facts: about it.
        types: numbers of types in the image.
    """

    data: Data
    facts: Facts
    types: Types


def verify(program: Program, part: Part, steps: Steps, decide: Decide | None) -> bool:
    """Say whether a program matches, or may match if `decide` is None.

    Args:
        program: of the signature.
        part: what it is verified against.
        steps: budget.
        decide: gives the places where a REGEX or IMAGE matches, ascending (one for an
            image), from its number, itself and what is known of those before it.

    Raises:
        OutOfSteps: the budget ran out.
    """
    if not met(program.demands, part.facts, part.types, len(part.data)):
        return False
    subs = _Subs(program.subs, part, steps, decide)
    return evaluate(program.steps, [result.count for result in subs.results()]).true


class _Subs:
    """Results of all sub-signatures of one signature over one part."""

    def __init__(
        self,
        subs: tuple[Sub, ...],
        part: Part,
        steps: Steps,
        decide: Decide | None,
    ) -> None:
        self._subs = subs
        self._part = part
        self._steps = steps
        self._decide = decide
        self._found = [NOTHING] * len(subs)

    def results(self) -> list[Result]:
        """Return the results by number: first bodies, then what refers to them."""
        for number, sub in enumerate(self._subs):
            if isinstance(sub, Body):
                self._found[number] = self._body(sub)
        for number, sub in enumerate(self._subs):
            if isinstance(sub, Macro):
                self._found[number] = self._macro(sub, self._found[number - 1])
        for number, sub in enumerate(self._subs):
            if isinstance(sub, Compare):
                self._found[number] = self._compare(sub)
            elif isinstance(sub, Regex | Picture):
                self._found[number] = self._deferred(number, sub)
        return [
            NOTHING if isinstance(sub, Body) and sub.place.where is Where.GROUP else one
            for sub, one in zip(self._subs, self._found, strict=True)
        ]

    def _body(self, body: Body) -> Result:
        matches = find(body, self._part.data, self._part.facts, self._steps)
        if not matches:
            return NOTHING
        count = len(matches)
        starts = tuple(sorted(set(matches.values())))
        return Result(Count(count, count), matches[max(matches)], starts)

    def _macro(self, macro: Macro, before: Result) -> Result:
        places = {
            start
            for sub, result in zip(self._subs, self._found, strict=True)
            if isinstance(sub, Body) and sub.place.where is Where.GROUP
            if sub.place.group == macro.group
            for start in result.starts
            if _behind(before.starts, start - macro.most, start - macro.least)
        }
        if not places:
            return NOTHING
        count = len(places)
        return Result(Count(count, count), max(places), tuple(sorted(places)))

    def _compare(self, compare: Compare) -> Result:
        there = self._found[compare.sub]
        if there.last is not None:
            held = int(holds(compare, self._part.data, there.last))
            return Result(Count(held, held))
        return Result(Count(0, min(there.count.most, 1)))

    def _deferred(self, number: int, sub: Regex | Picture) -> Result:
        counts = [result.count for result in self._found]
        if isinstance(sub, Regex) and not evaluate(sub.trigger, counts).true:
            return NOTHING
        if self._decide is None:
            return Result(Count(0, ENDLESS if isinstance(sub, Regex) else 1))
        places = self._decide(number, sub, self._found)
        if not places:
            return NOTHING
        return Result(Count(len(places), len(places)), places[-1])


def _behind(starts: tuple[int, ...], low: int, high: int) -> bool:
    """Say whether one of the starts, ascending, is from low to high."""
    at = bisect_left(starts, low)
    return at < len(starts) and starts[at] <= high
