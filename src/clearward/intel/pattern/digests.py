"""Find digests in a pattern that cannot be what they are said to be.

The grammar allows ``[file:hashes.MD5 = 'x']``; nothing will ever be equal to it. The
validator of OASIS refuses such a pattern.
"""

import re

from clearward.intel.pattern.known import digits
from clearward.intel.pattern.tree import (
    Comparison,
    Joined,
    Junction,
    Observation,
    Operator,
    Pattern,
    Qualified,
    Test,
)
from clearward.intel.pattern.writing import path_text

_HEX = re.compile(r"[0-9A-Fa-f]*")
_EQUALITY = frozenset({Operator.EQUAL, Operator.UNEQUAL, Operator.IN})


def wrong_digest(pattern: Pattern) -> str | None:
    """Return the path of a digest that is none of its kind; None if all may be."""
    waiting: list[Pattern | Test] = [pattern]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Joined | Junction):
            waiting += reversed(node.parts)
        elif isinstance(node, Qualified):
            waiting.append(node.what)
        elif isinstance(node, Observation):
            waiting.append(node.test)
        elif _is_wrong(node):
            return path_text(node.path)
    return None


def _is_wrong(test: Comparison) -> bool:
    length = digits(test.path)
    return bool(length and test.operator in _EQUALITY) and not all(
        isinstance(one, str) and len(one) == length and _HEX.fullmatch(one)
        for one in test.operands
    )
