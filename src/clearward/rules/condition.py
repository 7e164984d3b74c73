"""Judge from the text of a YARA rule whether windows of a part can decide it.

A rule is judged from its condition, taken apart at `and`, `or` and parentheses:

    term                                  what it shows
    filesize < 2MB                        never true for a part above `WHOLE`
    $a; any of them; 1 of ($a, $b*)       exact in windows, if no match can be long
    3 of them; all of ($a*); #a > 2       once true for a window, true for the part
    anything else                         nothing

`A and B` is small if either is, and true for the part if both are true in a window;
`A or B` is exact, small or true for the part if both are. What is not understood shows
nothing: `Decision.OPEN` is never wrong.

A match is exact in a window if every byte that decides it lies inside: all that it may
span, and `CONTEXT` bytes to either side.
"""

from collections.abc import Sequence
from enum import Enum

from clearward.core.errors import Malformed
from clearward.core.limits import KIB, WHOLE
from clearward.rules.expression import Group, Meaning, judge, listed
from clearward.rules.lexer import Rule, String, integer, read

# Bytes that a string may match and still be exact in windows. Few strings match more.
REACH = 16 * KIB
# Bytes beside a match that decide it, too: whole words look at one character, base64 at
# three, of two bytes each if wide. Source: YARA-X 1.23, `lib/src/scanner/context.rs`.
CONTEXT = 16

# What a term shows: bits, so that `and` and `or` of terms are those of bits.
_NOTHING, _SMALL, _EXACT, _RISING = 0, 1, 2, 4

_MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "=="}
_MOST_FAMILIES = 64  # names with a star in one condition; each is held to every string


class Decision(Enum):
    """What a match, or none, in a window of a large part says about the whole.

    ANY: the rule matches the part exactly if some string matches, and each match is
        found by the window that holds it with its surroundings.
    POSITIVE: if it matches in a window, it matches the part, unless a match of one of
        its strings lies within `CONTEXT` bytes of a seam; no match says nothing.
    SMALL: it matches no part above `WHOLE`.
    OPEN: a window says nothing.
    """

    ANY = "any"
    POSITIVE = "positive"
    SMALL = "small"
    OPEN = "open"


def decide(text: str) -> dict[str, Decision]:
    """Return the decision for each rule in a source, by rule name.

    A rule that is missing from the answer is `Decision.OPEN`.
    """
    decisions: dict[str, Decision] = {}
    closed = False  # to everything but SMALL
    try:
        for rule in read(text):
            decision = _judge(rule)
            closed = closed or rule.is_global
            if decisions.setdefault(rule.name, decision) is not decision:
                decisions[rule.name] = Decision.OPEN  # one of the two will not compile
    except Malformed:
        closed = True  # what follows might be global
    if closed:
        return {
            name: Decision.SMALL
            for name, decision in decisions.items()
            if decision is Decision.SMALL
        }
    return decisions


def _judge(rule: Rule) -> Decision:
    condition = _Condition(rule.strings)
    shown = condition.read(rule.tokens)
    if shown & _SMALL:
        return Decision.SMALL
    if shown & _EXACT and condition.uses_every_string():
        return Decision.ANY
    return Decision.POSITIVE if shown & _RISING else Decision.OPEN


def _string_shows(string: String) -> int:
    """Return what it shows that a string matches.

    A regular expression for whole words takes the longest match and drops it if it is
    no word, so a window that cuts it short may find one where the part has none.
    """
    if "private" in string.modifiers:
        return _NOTHING  # its matches are not shown, so no seam can be told
    longest = string.longest()
    shown = _EXACT if longest is not None and longest <= REACH else _NOTHING
    if string.text.startswith("/") and "fullword" in string.modifiers:
        return shown
    return shown | _RISING


def _both(one: int, other: int) -> int:
    """Return what it shows that two terms hold."""
    return (one & other & _RISING) | ((one | other) & _SMALL)


def _either(one: int, other: int) -> int:
    """Return what it shows that one of two terms holds."""
    return one & other


class _Condition:
    """Reads the condition of one rule.

    Args:
        strings: of the rule.
    """

    def __init__(self, strings: Sequence[String]) -> None:
        self._shown = [(string.identifier, _string_shows(string)) for string in strings]
        self._named = dict(self._shown)
        self._families: dict[str, tuple[int, int]] = {}
        self._used: set[str] = set()  # names, and names of families
        self._tokens: Sequence[str] = ()

    def uses_every_string(self) -> bool:
        """Say whether no string stands beside the condition that was read.

        The matches of one that does would be taken for matches of the rule.
        """
        families = tuple(name[:-1] for name in self._used if name.endswith("*"))
        return all(
            name in self._used or name.startswith(families) for name in self._named
        )

    def read(self, tokens: Sequence[str]) -> int:
        """Return what a whole condition shows."""
        self._tokens = tokens
        return judge(tokens, Meaning(self._term, _both, _either, _NOTHING))

    def _term(self, term: list[str | Group[int]]) -> int:
        """Return what a term shows, all its tokens taken together."""
        match term:
            case [Group() as group]:
                shown: int = group.shown
                return shown
            case [str(name)]:
                self._used.add(name)
                return self._named.get(name, _NOTHING)
            case [str(amount), "of", "them"]:
                return self._some(amount, ["$*"])
            case [str(amount), "of", Group() as group]:
                return self._some(amount, listed(self._tokens, group))
            case [str(left), str(sign), str(right)] if sign in _MIRRORED:
                return self._compared(left, sign, right) | self._compared(
                    right, _MIRRORED[sign], left
                )
        return _NOTHING

    def _compared(self, left: str, sign: str, right: str) -> int:
        bound = integer(right)
        if bound is None:
            return _NOTHING
        if left == "filesize" and sign in ("<", "<=", "==") and bound <= WHOLE:
            return _SMALL
        if left.startswith("#") and sign in (">", ">="):
            return self._named.get(f"${left[1:]}", _NOTHING) & _RISING
        return _NOTHING

    def _some(self, amount: str, names: list[str]) -> int:
        """Return what `amount of names` shows."""
        number, shown = 0, _EXACT | _RISING
        for name in names:
            count, also = self._family(name)
            number += count
            shown &= also
        least = {"any": 1, "all": number}.get(amount, integer(amount))
        if not number or not least:
            return _NOTHING
        self._used.update(names)
        return shown if least == 1 else shown & _RISING

    def _family(self, name: str) -> tuple[int, int]:
        """Return how many strings a name stands for, and what all of them show."""
        if not name.endswith("*"):
            return 1, self._named.get(name, _NOTHING)
        known = self._families.get(name)
        if known is None and len(self._families) < _MOST_FAMILIES:
            members = [bits for one, bits in self._shown if one.startswith(name[:-1])]
            shown = _EXACT | _RISING
            for bits in members:
                shown &= bits
            known = self._families[name] = len(members), shown
        return known or (0, _NOTHING)
