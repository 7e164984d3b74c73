"""Expressions over the counts of sub-signatures, read once and evaluated.

Every operand hands up whether it is true, a sum, and the set of sub-signatures that
took part. What is false hands up a sum of 0 and no sub-signature.

    SUB n        true if the count of n is above 0; hands up the count, and n
    COUNT n o v  true if the count of n is `=`, `<` or `>` v, also when that count is 0;
                 hands up the count, and n (even if the count is 0)
    AND          true if both are; hands up both sums added, and both sets
    OR           true if any is; both sides are always looked at and hand up likewise
    GROUP o s d  true if the sum of its operand (0 if that is false) is `=`, `<` or `>`
                 s and, if d is not 0, at least d sub-signatures took part; hands up
                 the sum and *no* sub-signatures

So `(0&1)=0` is true where `0&1` is false. (All asked of clamscan 1.4.6: `tests/native`.
There operators group from the right outside of brackets, but from the *left* within.)

Where a count is not known yet (a regular expression) it is a range, and what is handed
up is what may be: whether it may be true, whether it may be false, and if it is true
the least and the most sum, the sub-signatures that surely took part, and those that may
have. Every sum between least and most is taken as possible, sums stop at ENDLESS, and
that the same sub-signature may stand in two places is not followed up, so "may be true"
is said too often rather than not often enough.
"""

from dataclasses import dataclass, replace

from clearward.native.layout import MOST_STACK, Operation
from clearward.native.span import BYTE, LONG, SHORT, Span

ENDLESS = (1 << 63) - 1
MOST_KIND = max(Operation)


@dataclass(frozen=True, slots=True)
class Step:
    """An operation and its fields; 0 where it has none."""

    operation: Operation
    sub: int = 0
    operator: str = ""
    value: int = 0
    different: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """How often a sub-signature matched, least and most."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operand hands up; sums and sets (as bits) are for when it is true."""

    true: bool
    false: bool
    least: int = 0
    most: int = 0
    surely: int = 0
    perhaps: int = 0


FALSE = Outcome(true=False, false=True)


def read_expression(span: Span, subs: int) -> tuple[Step, ...]:
    """Read an expression, its length first.

    Args:
        span: where it stands; what is behind it is left.
        subs: it may speak of the sub-signatures below this number.

    Raises:
        BadImage: it breaks the layout, or leaves not exactly one operand.
    """
    inner = span.part(span.number(SHORT), "an expression")
    found: list[Step] = []
    depth = 0
    while inner.left:
        step = _step(inner)
        found.append(step)
        if step.operation in {Operation.SUB, Operation.COUNT}:
            inner.check(step.sub < subs, "sub-signature")
            depth += 1
        else:
            needed = 1 if step.operation is Operation.GROUP else 2
            inner.check(depth >= needed, "operand")
            depth -= needed - 1
        inner.check(depth <= MOST_STACK, "depth")
    inner.check(depth == 1, "end")
    return tuple(found)


def _step(span: Span) -> Step:
    kind = span.number(BYTE)
    span.check(1 <= kind <= MOST_KIND, "operation")
    operation = Operation(kind)
    if operation in {Operation.AND, Operation.OR}:
        return Step(operation)
    if operation is Operation.SUB:
        return Step(operation, span.number(BYTE))
    sub = 0 if operation is Operation.GROUP else span.number(BYTE)
    operator = span.number(BYTE)
    span.check(operator in b"<>=", "operator")
    value = span.number(LONG)
    different = span.number(LONG) if operation is Operation.GROUP else 0
    return Step(operation, sub, chr(operator), value, different)


def evaluate(steps: tuple[Step, ...], counts: list[Count]) -> Outcome:
    """Return what an expression hands up.

    Args:
        steps: as they were read.
        counts: by number of sub-signature.
    """
    stack: list[Outcome] = []
    for step in steps:
        match step.operation:
            case Operation.SUB:
                stack.append(_compared(step.sub, counts[step.sub], ">", 0))
            case Operation.COUNT:
                count = counts[step.sub]
                stack.append(_compared(step.sub, count, step.operator, step.value))
            case Operation.GROUP:
                stack.append(_group(stack.pop(), step))
            case Operation.AND:
                stack.append(_both(stack.pop(), stack.pop()))
            case Operation.OR:
                stack.append(_either(stack.pop(), stack.pop()))
    return stack.pop()


def _within(least: int, most: int, operator: str, value: int) -> tuple[int, int, bool]:
    """Narrow a range to what compares so (least above most if nothing does).

    The last of three: something in the range does not.
    """
    if operator == "=":
        low, high = max(least, value), min(most, value)
    elif operator == "<":
        low, high = least, min(most, value - 1)
    else:
        low, high = max(least, value + 1), most
    return low, high, (low, high) != (least, most)


def _compared(sub: int, count: Count, operator: str, value: int) -> Outcome:
    low, high, false = _within(count.least, count.most, operator, value)
    if low > high:
        return FALSE
    return Outcome(True, false, low, high, 1 << sub, 1 << sub)  # noqa: FBT003 - a row


def _both(right: Outcome, left: Outcome) -> Outcome:
    if not (left.true and right.true):
        return FALSE
    return Outcome(
        true=True,
        false=left.false or right.false,
        least=min(left.least + right.least, ENDLESS),
        most=min(left.most + right.most, ENDLESS),
        surely=left.surely | right.surely,
        perhaps=left.perhaps | right.perhaps,
    )


def _either(right: Outcome, left: Outcome) -> Outcome:
    ways: list[Outcome] = []
    if left.true and right.true:
        ways.append(_both(right, left))
    if left.true and right.false:
        ways.append(left)
    if left.false and right.true:
        ways.append(right)
    return replace(_any(ways), false=left.false and right.false)


def _group(inner: Outcome, step: Step) -> Outcome:
    ways: list[Outcome] = []
    cases = ([inner] if inner.true else []) + ([Outcome(True, False)] * inner.false)  # noqa: FBT003 - a row
    for case in cases:
        low, high, false = _within(case.least, case.most, step.operator, step.value)
        if low <= high and case.perhaps.bit_count() >= step.different:
            few = case.surely.bit_count() < step.different
            ways.append(Outcome(True, false or few, low, high))  # noqa: FBT003 - a row
    fails = len(ways) < len(cases) or any(way.false for way in ways)
    return replace(_any(ways), false=fails)


def _any(ways: list[Outcome]) -> Outcome:
    """Return what is handed up if one of the ways is taken."""
    if not ways:
        return FALSE
    surely = ways[0].surely
    perhaps = 0
    for way in ways:
        surely &= way.surely
        perhaps |= way.perhaps
    return Outcome(
        true=True,
        false=False,
        least=min(way.least for way in ways),
        most=max(way.most for way in ways),
        surely=surely,
        perhaps=perhaps,
    )
