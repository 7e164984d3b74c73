r"""Look for a regular expression by its stretches, in long data.

A backtracking search tries every way to fill the gaps between stretches:

    <script.*?\{[^}]*?let\s*(\w+).*?</script
    stretch    stretch              stretch

and has tried them all, square in the length of the data, when there is no match. But
wherever the whole matches, its stretches match one behind the other. So if they do not,
it does not either. And where dots take every byte, a gap may be as long as it likes: if
each stretch is found behind the end of the one before, the whole matches, begins where
the first one does, and, if all gaps are lazy, ends where the last one does. In between
the expression itself has to be asked.

Parted are only expressions whose stretches mean the same by themselves: without
alternatives at the top, references by number, and switches.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

import regex

Span = tuple[int, int]

_TOKEN = re.compile(
    r"(?P<not>\\[1-9gGKQE]|\(\?(?:[&0-9R+#(|-]|P>|[a-zA-Z-]+\))|\(\*)"
    r"|\\k[<{'](?P<k>\w+)[>}']|\(\?P=(?P<same>\w+)\)"
    r"|\(\?(?:P?<|')(?P<name>[A-Za-z_]\w*)[>']"
    r"|\\."
    r"|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]"
    r"|(?P<open>\()|(?P<close>\))|(?P<or>\|)"
    r"|(?P<gap>\.(?:\*|\+|\{(?P<least>\d+),\})(?P<lazy>\??)(?!\+))"
    r"|.",
    re.DOTALL,
)
_MOST_LEAST = 1 << 20  # of a gap that has one


@dataclass(slots=True)
class _Stretch:
    """A stretch on its way.

    Attributes:
        text: of the expression.
        gap: text of the gap behind it; empty behind the last.
        least: bytes of that gap.
        lazy: it takes as few as it can.
        names: of groups.
        asked: names of groups that are referred to.
    """

    text: str = ""
    gap: str = ""
    least: int = 0
    lazy: bool = True
    names: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    def with_next(self, other: "_Stretch") -> "_Stretch":
        """Return both as one."""
        text = self.text + self.gap + other.text
        names, asked = self.names | other.names, self.asked | other.asked
        return _Stretch(text, other.gap, other.least, other.lazy, names, asked)


@dataclass(frozen=True, slots=True)
class Stretches:
    """An expression in stretches.

    Attributes:
        patterns: of each.
        gaps: least bytes between one and the next.
        any_byte: a gap takes every byte.
        lazy: all gaps do what they can to be short.
    """

    patterns: tuple["regex.Pattern[bytes]", ...]
    gaps: tuple[int, ...]
    any_byte: bool
    lazy: bool

    def find(
        self, data: bytes, start: int, end: int, seconds: float, *, exact: bool
    ) -> Span | None:
        """Return the match that the expression has.

        Args:
            data: to be looked at.
            start: where to begin.
            end: where to end.
            seconds: for each stretch.
            exact: the end has to be right, too.

        Returns:
            None if it has none.

        Raises:
            LookupError: this does not tell.
            TimeoutError: it takes too long.
        """
        least, place = start, start  # where the next begins at the least; and does here
        first = -1
        follows = self.any_byte and (self.lazy or not exact)
        for pattern, gap in zip(self.patterns, (*self.gaps, 0), strict=True):
            found = pattern.search(data, least, end, timeout=seconds)
            if found is None:
                return None
            least = found.start()
            if follows and least < place:
                found = pattern.search(data, place, end, timeout=seconds)
            if follows and found is not None:
                first = found.start() if first < 0 else first
                place = found.end() + gap
            # A search that begins behind the end would begin at the end.
            follows = follows and found is not None and place <= end
        if not follows:
            raise LookupError("only the whole expression tells")
        return first, place


def part(text: str, flags: int) -> Stretches | None:
    """Return an expression in stretches; None if that cannot be done.

    Args:
        text: as `regex` has it.
        flags: likewise; not verbose.
    """
    made = _stretches(text)
    if made is None or len(made) <= 1:
        return None
    try:
        patterns = tuple(
            regex.compile(one.text.encode("latin-1"), flags) for one in made
        )
    except (regex.error, ValueError, OverflowError, RecursionError):
        return None
    return Stretches(
        patterns,
        tuple(one.least for one in made[:-1]),
        any_byte=bool(flags & regex.DOTALL),
        lazy=all(one.lazy for one in made[:-1]),
    )


def _stretches(text: str) -> list[_Stretch] | None:
    """Return stretches of which none refers to another."""
    made = [_Stretch()]
    depth = 0
    for found in _TOKEN.finditer(text):
        last = made[-1]
        if found["not"] or (found["or"] and not depth):
            return None
        if found["gap"] and not depth:
            last.gap, last.lazy = found[0], bool(found["lazy"])
            last.least = int(found["least"] or "+" in found[0])
            if last.least > _MOST_LEAST:
                return None
            made.append(_Stretch())
            continue
        depth += (found[0][0] == "(" and not found["same"]) - bool(found["close"])
        last.text += found[0]
        last.names |= {found["name"]} - {None}
        last.asked |= {found["same"], found["k"]} - {None}
    joined = _joined(made)
    return joined if all(one.text for one in joined) else None


def _joined(made: list[_Stretch]) -> list[_Stretch]:
    """Join stretches that refer to each other, and what lies between them."""
    places = {name: at for at, one in enumerate(made) for name in one.names}
    bound = [
        (min(places.get(name, 0), at), max(places.get(name, 0), at))
        for at, one in enumerate(made)
        for name in one.asked
    ]
    kept = [made[0]]
    for (before, _), (at, one) in pairwise(enumerate(made)):
        if any(low <= before and at <= high for low, high in bound):
            kept[-1] = kept[-1].with_next(one)
        else:
            kept.append(one)
    return kept
