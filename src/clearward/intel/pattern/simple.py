"""Read the patterns that most indicators have: one value, compared with one string.

This is the reader's way around itself, for speed: it takes what it knows for certain
and leaves everything else. Tests hold the two together.
"""

import re

from clearward.intel.pattern.tokens import KEYWORDS
from clearward.intel.pattern.tree import Comparison, Observation, Operator, Path

_FORM = re.compile(
    r" *\[ *([a-z][a-z0-9-]*):([a-z][a-z_]*)"
    r"(?:\.(?:'([A-Za-z0-9. -]+)'|([A-Za-z0-9_]+)))?"
    r" *(=|LIKE|ISSUBSET) *'([^'\\]*)' *\] *"
)
_OPERATORS = {
    "=": Operator.EQUAL,
    "LIKE": Operator.LIKE,
    "ISSUBSET": Operator.ISSUBSET,
}


def simple(text: str) -> Observation | None:
    """Read a pattern if it is of the common form; None says nothing of it."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    type, key, quoted, plain, operator, value = found.groups()
    if type in KEYWORDS or key in KEYWORDS:
        return None
    steps: tuple[str, ...] = (key,)
    if quoted is not None:
        steps = (key, quoted)
    elif plain is not None:
        if plain in KEYWORDS or plain[0].isdigit():
            return None
        steps = (key, plain)
    test = Comparison(Path(type, steps), _OPERATORS[operator], (value,))
    return Observation(test)
