"""The expression of a logical signature: which sub-signatures have to match.

    0&1   0|1       both, either: grouped from the right, without precedence
    0=n  0<n  0>n   the count of a sub-signature, compared
    (0|1)>x,y       the counts add up to more than x, of at least y different ones

Of several operators in a row, as in ``0==1`` or ``0>=1``, the last one counts, and of
several comparisons of one number likewise (tried with clamscan 1.4.6). A bracket with
a comparison has to hold an ``&`` or ``|``.

Source: docs.clamav.net, "Logical signatures", and ENGINE.md.
"""

import re
from dataclasses import dataclass, field

from clearward.native.layout import MOST_SUBS
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.fields import MOST_COUNT
from clearward.rules.clamav.model import Both, Count, Either, Expression, Group, Term

MOST_TERMS = 512  # in one expression; ClamAV's own have at most a few for each sub
_SHOWN = 12

_TOKEN = re.compile(
    r"""\ *(?:
      (?P<sub>[0-9]+)(?P<tests>(?:\ *[=<>]+\ *[0-9]+)*)(?:,[0-9]*)*
    | (?P<open>\()
    | (?P<close>\))
      (?:(?P<operator>[=<>])(?P<total>[0-9]+)(?:,(?P<other>[0-9]*))?(?:,[0-9]*)*)?
    | (?P<joint>[&|])
    )\ *""",
    re.VERBOSE,
).match
_LAST_TEST = re.compile(r"([=<>])\ *([0-9]+)\Z").search


@dataclass(slots=True)
class _Level:
    """What stands in one bracket, so far: terms, and what stands between them."""

    terms: list[Expression] = field(default_factory=list)
    joints: list[str] = field(default_factory=list)

    def add(self, term: Expression) -> None:
        if len(self.terms) > len(self.joints):
            raise Wrong("two terms without & or | between them")
        self.terms.append(term)

    def join(self, joint: str) -> None:
        if len(self.terms) == len(self.joints):
            raise Wrong(f"nothing before {joint}")
        self.joints.append(joint)

    def whole(self) -> Expression:
        """Group from the right."""
        if len(self.terms) == len(self.joints):
            raise Wrong("a term is missing")
        result = self.terms[-1]
        for place in range(len(self.joints) - 1, -1, -1):
            made = Both if self.joints[place] == "&" else Either
            result = made(self.terms[place], result)
        return result


def read_expression(text: str) -> tuple[Expression, int]:
    """Return an expression, and the greatest number of a sub-signature in it.

    Raises:
        Wrong: it is none.
    """
    levels = [_Level()]
    place, greatest, left = 0, 0, MOST_TERMS
    while place < len(text):
        found = _TOKEN(text, place)
        left -= 1
        if found is None or not left:
            shown = text[place : place + _SHOWN]
            raise Wrong(f"not part of an expression: {shown!r}" if left else "too long")
        kind = found.lastgroup
        if found["sub"]:
            sub = _limited(found["sub"], MOST_SUBS - 1, "sub-signature")
            greatest = max(greatest, sub)
            levels[-1].add(_term(sub, found["tests"]))
        elif kind == "open":
            levels.append(_Level())
        elif kind == "joint":
            levels[-1].join(found["joint"])
        else:
            _close(levels, found)
        place = found.end()
    if len(levels) > 1:
        raise Wrong("( without )")
    return levels[0].whole(), greatest


def _term(sub: int, tests: str) -> Expression:
    last = _LAST_TEST(tests)
    if last is None:
        return Term(sub)
    return Count(sub, last[1], _limited(last[2], MOST_COUNT, "count"))


def _close(levels: list[_Level], found: re.Match[str]) -> None:
    level = levels.pop()
    if not levels:
        raise Wrong(") without (")
    inner = level.whole()
    if found["operator"]:
        if not level.joints:
            raise Wrong("a comparison of a bracket without & or |")
        total = _limited(found["total"], MOST_COUNT, "count")
        different = _limited(found["other"] or "0", MOST_COUNT, "count")
        inner = Group(inner, found["operator"], total, different)
    levels[-1].add(inner)


def _limited(text: str, most: int, what: str) -> int:
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(most)) or int(digits) > most:
        raise Wrong(f"a {what} above {most}")
    return int(digits)
