"""Read from the condition of a YARA rule what data must hold for it to match.

A demand is a set of strings of which one at least must match; an empty set says that
the rule cannot match at all. It is told for one kind of data, see `kinds`:

    term                                    demands
    $a; $a at 0; #a > 2; @a < 100           the string
    any of them; 2 of ($a*)                 so many of the strings that one has to match
    what cannot hold for this kind          one of no string
    name of a rule before this one          what that rule demands
    for any ...: ( A )                      what `A` does
    anything else                           nothing is known

`A and B` demands what `A` does as well as what `B` does; that of the rarer strings is
kept. `A or B` demands one of the strings of both. Nothing is concluded from `not`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearward.rules.expression import Group, Meaning, judge, listed
from clearward.rules.kinds import (
    LOGIC,
    cannot_begin,
    cannot_hold,
    gives_names,
    is_arithmetic,
    read_integer,
)
from clearward.rules.lexer import Rule, String, integer
from clearward.rules.rarity import beginning, rarity

_MOST_WORK = 4_000_000  # strings of a rule times tokens; above, nothing is known
_RAREST = 1 << 30
_COMPARING = frozenset(("==", "!=", "<", "<=", ">", ">="))

# Numbers of strings, one of which must match; None: nothing is known.
_Strings = frozenset[int] | None
_NEVER: _Strings = frozenset()
_Term = list[str | Group[_Strings]]


@dataclass(frozen=True, slots=True)
class Demand:
    """What must hold for a rule to match data of some kind.

    Attributes:
        strings: one of these matches; None if nothing is known.
    """

    strings: frozenset[String] | None

    @property
    def is_never(self) -> bool:
        """The rule cannot match."""
        return self.strings is not None and not self.strings

    @property
    def rarity(self) -> int:
        """That of its most common string."""
        return min(map(rarity, self.strings or ()), default=0)


def demand(rule: Rule, before: Mapping[str, Demand], *, program: bool) -> Demand:
    """Return what a rule demands.

    Args:
        rule: as it is written.
        before: the demands of the rules before it in its source, by name.
        program: the kind of data: a program, or not.
    """
    if len(rule.strings) * len(rule.tokens) > _MOST_WORK or gives_names(rule.tokens):
        return Demand(None)
    reading = _Reading(rule, before, program=program)
    needed = judge(
        rule.tokens, Meaning(reading.term, reading.both, _either, nothing=None)
    )
    if needed is None:
        return Demand(None)
    return Demand(frozenset(reading.strings[number] for number in needed))


def _either(one: _Strings, other: _Strings) -> _Strings:
    return None if one is None or other is None else one | other


class _Reading:
    """Reads one condition for one kind of data.

    Attributes:
        strings: those of the rule, then those that rules before it demand.
    """

    def __init__(
        self, rule: Rule, before: Mapping[str, Demand], *, program: bool
    ) -> None:
        self.strings = list(rule.strings)
        self._own = rule.strings
        self._tokens = rule.tokens
        self._program = program
        self._named: dict[str, int] = {}
        for number, string in enumerate(rule.strings):
            # What has no name, or one that is not alone, is never asked for by name.
            known = string.identifier in self._named or string.identifier == "$"
            self._named[string.identifier] = -1 if known else number
        # A variable of a loop may have the name of a rule.
        self._before = {} if "for" in rule.tokens else before

    def both(self, one: _Strings, other: _Strings) -> _Strings:
        """Return the demand that is harder to meet."""
        if one is None or other is None:
            return other if one is None else one
        return max(one, other, key=self._hardness)

    def _hardness(self, strings: frozenset[int]) -> tuple[int, int]:
        rarest = min(map(self._rarity, strings), default=_RAREST)
        return rarest, -len(strings)

    def _rarity(self, number: int) -> int:
        return rarity(self.strings[number])

    def term(self, term: _Term) -> _Strings:
        """Return what a term demands."""
        if len(term) < len(("$a", "at")):
            return self._alone(term)
        first = term[0]
        if isinstance(first, Group):
            return None
        if term[1] in ("at", "in", "of"):
            return self._found(first, term)
        if cannot_hold(term, self._tokens, program=self._program):
            return _NEVER
        if first == "for":
            last = term[-1]
            is_any = term[1] == "any" and term[-2] == ":"
            return last.shown if is_any and isinstance(last, Group) else None
        return self._comparison(first, term)

    def _alone(self, term: _Term) -> _Strings:
        """Return what a group, a name or nothing at all demands."""
        for one in term:
            return one.shown if isinstance(one, Group) else self._word(one)
        return None

    def _word(self, name: str) -> _Strings:
        if name == "false":
            return _NEVER
        if name not in self._before:
            return self._string(name)
        demanded = self._before[name].strings
        if demanded is None:
            return None
        start = len(self.strings)
        self.strings.extend(demanded)
        return frozenset(range(start, len(self.strings)))

    def _string(self, name: str) -> _Strings:
        number = self._named.get(name, -1)
        return None if number < 0 else frozenset((number,))

    def _found(self, first: str, term: _Term) -> _Strings:
        """Return what one string or some of several demand, wherever they are."""
        if not _COMPARING.isdisjoint(one for one in term if isinstance(one, str)):
            return None
        if term[1] != "of":
            return self._placed(first, term)
        what = term[2:3]
        if len(term) > len(("any", "of", "them")) and term[3] not in ("at", "in"):
            return None
        if what == ["them"]:
            return self._some(first, ["$*"])
        names = [
            name
            for one in what
            if isinstance(one, Group)
            for name in listed(self._tokens, one)
        ]
        return self._some(first, names)

    def _placed(self, name: str, term: _Term) -> _Strings:
        number = self._named.get(name, -1)
        if number >= 0 and term[1:] == ["at", "0"]:
            known = beginning(self.strings[number])
            if cannot_begin(known, program=self._program):
                return _NEVER
        return self._string(name)

    def _some(self, amount: str, names: Sequence[str]) -> _Strings:
        """Return the rarest strings of which one must match, if `amount` do."""
        numbers = [number for name in names for number in self._family(name)]
        if len(set(numbers)) < len(numbers) or -1 in numbers:
            return None
        least = {"any": 1, "all": len(numbers)}.get(amount, integer(amount))
        if not least or least > len(numbers):
            return None
        rarest = sorted(numbers, key=self._rarity, reverse=True)
        return frozenset(rarest[: len(numbers) - least + 1])

    def _family(self, name: str) -> list[int]:
        if not name.endswith("*"):
            return [self._named.get(name, -1)]
        return [
            number
            for number, string in enumerate(self._own)
            if string.identifier.startswith(name[:-1])
        ]

    def _comparison(self, first: str, term: _Term) -> _Strings:
        """Return what a term demands that compares values."""
        name = f"${first[1:]}"
        if first[0] == "#":
            return self._string(name) if _is_some(term) else None
        if first[0] in "@!":
            return self._string(name) if is_arithmetic(term) else None
        offset = term[1]
        if not isinstance(offset, Group) or read_integer(first) is None:
            return None
        words = self._tokens[offset.start + 1 : offset.end]
        if words and words[0][0] == "@" and LOGIC.isdisjoint(words):
            name = f"${words[0][1:]}"
            return self._string(name) if is_arithmetic(term) else None
        return None


def _is_some(term: _Term) -> bool:
    """Say whether a term holds only if the number it begins with is not 0."""
    sign, others = term[1], [word for word in term[2:] if isinstance(word, str)]
    if len(others) < len(term) - 2 or not others:
        return False
    if sign == ">":  # numbers of matches, and sums of them, are never below 0
        return all(
            word == "+" or word[0] == "#" or integer(word) is not None
            for word in others
        )
    return sign in (">=", "==") and len(others) == 1 and bool(integer(others[0]))
