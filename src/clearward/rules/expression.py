"""Take a YARA condition apart at `and`, `or` and brackets.

What is between two of those is a term: words, and groups in brackets, which have been
judged before. Whoever asks says what a term shows, and what it means that two things
are shown together, or that one of two is:

    filesize < 2MB and ( $a or any of ( $b* ) )
    |------------|       ||    |------------|      terms
                       |--------------------|      a group, itself a term

A pair of brackets that is no expression shows nothing, whatever stands in it: an index,
or anything with a comma.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Shown = TypeVar("Shown")


class Group(Generic[Shown]):
    """A closed pair of brackets: its first and last word, and what it shows."""

    __slots__ = ("end", "shown", "start")

    def __init__(self, start: int, end: int, shown: Shown) -> None:
        self.start = start
        self.end = end
        self.shown = shown


class Meaning(Generic[Shown]):
    """What a condition is read for.

    Args:
        term: what a term shows, all its words and groups taken together.
        both: what it shows that one thing and another one holds.
        either: what it shows that one of two things holds.
        nothing: what is shown by what is not understood.
    """

    __slots__ = ("both", "either", "nothing", "term")

    def __init__(
        self,
        term: Callable[[list["str | Group[Shown]"]], Shown],
        both: Callable[[Shown, Shown], Shown],
        either: Callable[[Shown, Shown], Shown],
        nothing: Shown,
    ) -> None:
        self.term = term
        self.both = both
        self.either = either
        self.nothing = nothing


def judge(tokens: Sequence[str], meaning: Meaning[Shown]) -> Shown:
    """Return what a whole condition shows."""
    stack = [_Frame(0, meaning, spoilt=False)]
    for place, word in enumerate(tokens):
        frame = stack[-1]
        if word in ("(", "["):
            stack.append(_Frame(place, meaning, spoilt=word == "["))
        elif word in (")", "]"):
            shown = stack.pop().close()
            if not stack:
                return meaning.nothing
            stack[-1].term.append(Group(frame.start, place, shown))
        elif word in ("and", "or"):
            frame.end_term()
            if word == "or":
                frame.end_conjunction()
        else:
            frame.spoilt = frame.spoilt or word == ","
            frame.term.append(word)
    return stack[0].close() if len(stack) == 1 else meaning.nothing


def listed(tokens: Sequence[str], group: Group[Shown]) -> list[str]:
    """Return the strings and families between two brackets; none if there is else."""
    names: list[str] = []
    after_comma = True
    for place in range(group.start + 1, group.end):
        word = tokens[place]
        if word.startswith("$") and after_comma:
            names.append(word)
        elif word == "*" and names and not after_comma:
            names[-1] += "*"
        elif word != "," or after_comma:
            return []
        after_comma = word == ","
    return [] if after_comma else names


class _Frame(Generic[Shown]):
    """What is known inside one pair of brackets so far.

    Attributes:
        start: the token that opens it.
        term: tokens since the last `and` or `or`; what stood in brackets is one.
        spoilt: this is no expression in parentheses, whatever else it is.
    """

    __slots__ = ("_conjunction", "_disjunction", "_meaning", "spoilt", "start", "term")

    def __init__(self, start: int, meaning: Meaning[Shown], *, spoilt: bool) -> None:
        self.start = start
        self.term: list[str | Group[Shown]] = []
        self.spoilt = spoilt
        self._meaning = meaning
        self._conjunction: list[Shown] = []  # one, or none yet
        self._disjunction: list[Shown] = []

    def end_term(self) -> None:
        """Take the finished term into the conjunction."""
        shown = self._meaning.term(self.term)
        if self._conjunction:
            shown = self._meaning.both(self._conjunction[0], shown)
        self._conjunction = [shown]
        self.term = []

    def end_conjunction(self) -> None:
        """Take the finished conjunction into the disjunction."""
        shown = self._conjunction[0]
        if self._disjunction:
            shown = self._meaning.either(self._disjunction[0], shown)
        self._conjunction = []
        self._disjunction = [shown]

    def close(self) -> Shown:
        """Return what all of it shows."""
        self.end_term()
        self.end_conjunction()
        return self._meaning.nothing if self.spoilt else self._disjunction[0]
