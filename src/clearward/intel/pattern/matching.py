"""Match a pattern against what was observed."""

from collections.abc import Iterable

from clearward.intel.objects import StixObject
from clearward.intel.pattern.budget import MOST_STEPS, Budget
from clearward.intel.pattern.parsing import parse
from clearward.intel.pattern.placing import Placing
from clearward.intel.pattern.seen import seen
from clearward.intel.pattern.tree import Pattern


def matches(
    pattern: str | Pattern,
    objects: Iterable[StixObject],
    *,
    steps: int = MOST_STEPS,
) -> bool:
    """Say whether observations fulfil a pattern.

    Args:
        pattern: to match, as its text or read.
        objects: observed data of STIX 2.0 or 2.1 with the observables that they name,
            in any order, or bundles of them; or observables alone.
        steps: how much work it may be.

    Raises:
        LimitReached: it is more work than that, or the pattern has more parts than can
            be matched. It is not known whether it would match.
        Malformed: the text is no pattern.
        Refused: an expression of MATCHES or LIKE is not one that is taken.

    Source: STIX 2.1, section 9.
    """
    read = parse(pattern) if isinstance(pattern, str) else pattern
    placing = Placing(seen(objects), Budget(steps))
    placing.prepare(read)
    return any(True for _ in placing.place(read, placing.all, ()))
