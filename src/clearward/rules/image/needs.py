"""What must be there for an expression to be true.

`A and B` needs either, so the better one is taken; `A or B` needs both. Where at least
five of eight have to match, one of any four does: the best four are taken. A count that
may be zero is true when nothing is there and needs nothing: then so does every `or`
that it is part of. What is said here is weaker than the expression, never stronger.
"""

from collections.abc import Callable

from clearward.native.layout import Where
from clearward.rules.clamav.model import (
    Body,
    Both,
    Compare,
    Count,
    Either,
    Expression,
    Group,
    Macro,
    Regex,
    Signature,
    Sub,
    Term,
)
from clearward.rules.image.anchors import BEST, GOOD, Anchor, AnchorSet, all_of, best_of
from clearward.rules.image.expressions import postfix
from clearward.rules.image.literals import body_of

OfBody = Callable[[Body], AnchorSet | None]

_PLACED = {Where.START, Where.END, Where.ENTRY, Where.SECTION, Where.LAST_SECTION}
_NEAR = 64  # places that are looked at as fast as one
_HERE = AnchorSet(BEST, (Anchor(b"", b""),))


class Needs:
    """What a signature needs.

    Args:
        signature: whose expression it is.
    """

    def __init__(self, signature: Signature) -> None:
        self._subs = signature.subs
        self._nodes = list(postfix(signature.expression))
        self._of_body: OfBody = _nothing
        self._at_once: OfBody = _nothing
        self._known: dict[int, AnchorSet | None] = {}

    def anchors(
        self, of_body: OfBody, at_once: OfBody | None = None
    ) -> AnchorSet | None:
        """Return anchors one of which occurs if the expression is true.

        Args:
            of_body: says what a body needs; asked once for each, if at all. It is asked
                for what matches of a regular expression hold, too.
            at_once: the same of bodies of which that is seen at a glance; one will do.
        """
        self._of_body = of_body
        self._at_once = at_once or _nothing
        self._known.clear()
        return self._of(self._nodes)

    def _of(self, nodes: list[Expression]) -> AnchorSet | None:
        if all(isinstance(node, Term | Both) for node in nodes):
            return self._of_all([node.sub for node in nodes if isinstance(node, Term)])
        stack: list[AnchorSet | None] = []
        for node in nodes:
            if isinstance(node, Both):
                second, first = stack.pop(), stack.pop()
                stack.append(best_of(first, second))
            elif isinstance(node, Either):
                second, first = stack.pop(), stack.pop()
                stack.append(all_of([first, second]))
            elif isinstance(node, Group):
                inner = stack.pop()
                needed = _positive(node.operator, node.total)
                stack.append(best_of(inner, self._of_many(node)) if needed else None)
            elif isinstance(node, Count):
                needed = _positive(node.operator, node.value)
                stack.append(self._of_sub(node.sub) if needed else None)
            else:
                stack.append(self._of_sub(node.sub))
        return stack.pop()

    def _of_many(self, group: Group) -> AnchorSet | None:
        """Return anchors of the best of those of which several have to match."""
        subs = sorted(_alternatives(group.inner))
        if not 1 < group.different <= len(subs):
            return None
        sets = [found for sub in subs if (found := self._of_sub(sub)) is not None]
        sets.sort(key=lambda found: -found.rank)
        enough = len(subs) - group.different + 1
        return all_of([*sets[:enough]]) if len(sets) >= enough else None

    def _of_all(self, subs: list[int]) -> AnchorSet | None:
        """Return the best anchors of several, and look no further than the best."""
        for number in subs:
            sub = self._subs[number]
            if isinstance(sub, Body) and (found := self._at_once(sub)) is not None:
                return found
        best: AnchorSet | None = None
        for number in subs:
            best = best_of(best, self._of_sub(number))
            if best is not None and best.rank >= GOOD:
                break
        return best

    def _of_sub(self, number: int) -> AnchorSet | None:
        if number not in self._known:
            self._known[number] = None  # for those that speak of each other
            self._known[number] = self._of_new(self._subs[number], number)
        return self._known[number]

    def _of_new(self, sub: Sub, number: int) -> AnchorSet | None:
        if isinstance(sub, Body):
            return self._of_body(sub)
        if isinstance(sub, Regex):
            held = body_of(sub)
            needed = self._of(list(postfix(sub.trigger)))
            return best_of(needed, self._of_body(held) if held else None)
        if isinstance(sub, Compare):
            return self._of_sub(sub.sub)
        if isinstance(sub, Macro):
            return self._of_sub(number - 1)
        return None


def _alternatives(expression: Expression) -> set[int]:
    """Return the sub-signatures any of which makes it true; none if it says more."""
    subs: set[int] = set()
    left = [expression]
    while left:
        node = left.pop()
        if isinstance(node, Either):
            left += (node.left, node.right)
        elif isinstance(node, Term):
            subs.add(node.sub)
        else:
            return set()
    return subs


def _positive(operator: str, value: int) -> bool:
    """Say whether a count has to be above zero."""
    return operator == ">" or (operator == "=" and value > 0)


def placed(body: Body) -> AnchorSet | None:
    """Return something if a look at a few places shows that a body is not there."""
    place = body.place
    if place.where in _PLACED and place.shift <= _NEAR:
        return _HERE
    return None


def _nothing(_: Body) -> AnchorSet | None:
    return None
