"""Where a signature matches a part, for an explanation: asked only of one that does.

What the sub-signatures found is looked for once more, by the reference matcher:

    body     each of its matches; as long as it is at least, if its gaps leave that open
    regex    where it matches, and how long
    others   nothing of their own: they speak of a place that another one found
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from clearward.native.bodies import Body, find
from clearward.native.layout import Where
from clearward.native.programs import Program, Regex
from clearward.native.steps import OutOfSteps, Steps
from clearward.native.verify import Part
from clearward.rules.yara import Hit

MOST_SHOWN = 16  # matches of one sub-signature
_STEPS = 50_000_000

Spans = Callable[[Regex], Sequence[tuple[int, int]]]  # start and length of matches


def hits(program: Program, part: Part, rule: int, spans: Spans) -> Iterator[Hit]:
    """Yield where the sub-signatures of a program match, by number.

    Args:
        program: of the signature.
        part: that it matches.
        rule: its number.
        spans: gives the matches of a regular expression.
    """
    steps = Steps(_STEPS)
    for number, sub in enumerate(program.subs):
        found: Sequence[tuple[int, int]] = ()
        if isinstance(sub, Body) and sub.place.where is not Where.GROUP:
            try:
                found = list(_spans(sub, part, steps))
            except OutOfSteps:
                return
        elif isinstance(sub, Regex):
            found = spans(sub)
        for start, length in islice(found, MOST_SHOWN):
            yield Hit(rule, start, length, number)


def _spans(body: Body, part: Part, steps: Steps) -> Iterator[tuple[int, int]]:
    """Yield start and length of the matches of a body."""
    last = min(chain[-1].takes[0] for chain in body.chains)
    matches = find(body, part.data, part.facts, steps)
    for place, start in islice(sorted(matches.items()), MOST_SHOWN):
        yield start, place + last - start
