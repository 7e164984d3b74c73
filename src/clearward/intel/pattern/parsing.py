"""Read a pattern.

Source: STIX 2.1, section 9, and the grammar that OASIS publishes beside it.
"""

from clearward.core.errors import Malformed
from clearward.intel.pattern import literals
from clearward.intel.pattern.comparing import test
from clearward.intel.pattern.cursor import Cursor
from clearward.intel.pattern.frames import Grammar, read
from clearward.intel.pattern.simple import simple
from clearward.intel.pattern.tokens import FORMAT, check_size, is_time, tokens, unquoted
from clearward.intel.pattern.tree import (
    Between,
    Joined,
    Moment,
    Observation,
    Pattern,
    Qualified,
    Qualifier,
    Repeats,
    Within,
    Word,
)

_NUMBERS = frozenset({"integer", "float"})
_INTEGER = frozenset({"integer"})
_END = frozenset({"end"})


def parse(text: str, *, old: bool = False) -> Pattern:
    """Read a pattern.

    Args:
        text: the pattern.
        old: it is one of STIX 2.0, where START and STOP have strings.

    Raises:
        LimitReached: it is longer than 64 KiB, brackets are nested deeper than 64, or
            it has more than 4,096 comparisons. Nothing is said of whether it is good.
        Malformed: it is no pattern; the offset is in bytes of UTF-8.
    """
    check_size(text)
    quickly = simple(text)
    if quickly is not None:
        return quickly
    try:
        cursor = Cursor(tokens(text), old=old)
        pattern = read(cursor, _PATTERNS)
        cursor.take(_END, "end")
    except Malformed as error:
        before = text[: error.offset].encode("utf-8", "surrogatepass")
        raise Malformed(FORMAT, len(before), error.field) from None
    return pattern


def _observation(cursor: Cursor) -> Pattern:
    cursor.take({"["}, "observation")
    seen = Observation(test(cursor))
    cursor.take({"]"}, "bracket")
    found: list[Qualifier] = []
    while True:
        error = cursor.bad("qualifier that is there twice")
        qualifier = _qualifier(cursor)
        if qualifier is None:
            return Qualified(seen, tuple(found)) if found else seen
        if type(qualifier) in map(type, found):
            raise error
        found.append(qualifier)


def _behind(cursor: Cursor, node: Pattern) -> Pattern:
    """Read the qualifiers of what is in brackets."""
    found: list[Qualifier] = []
    while (qualifier := _qualifier(cursor)) is not None:
        found.append(qualifier)
    if not found:
        return node
    if isinstance(node, Qualified):
        return Qualified(node.what, (*node.qualifiers, *found))
    return Qualified(node, tuple(found))


def _qualifier(cursor: Cursor) -> Qualifier | None:
    if cursor.skip("WITHIN"):
        return _within(cursor)
    if cursor.skip("REPEATS"):
        return _repeats(cursor)
    if cursor.skip("START"):
        start = _moment(cursor)
        cursor.take({"STOP"}, "STOP")
        return Between(start, _moment(cursor))
    return None


def _within(cursor: Cursor) -> Within:
    error = cursor.bad("number of seconds")
    value = literals.literal(cursor.take(_NUMBERS, "number of seconds"))
    # A number that is more than none (STIX 2.1, section 9.5.2).
    if not isinstance(value, int | float) or value <= 0:
        raise error
    cursor.take({"SECONDS"}, "SECONDS")
    return Within(value)


def _repeats(cursor: Cursor) -> Repeats:
    error = cursor.bad("number of times")
    value = literals.integer(cursor.take(_INTEGER, "number of times"))
    if value < 1:
        raise error
    cursor.take({"TIMES"}, "TIMES")
    return Repeats(value)


def _moment(cursor: Cursor) -> Moment:
    """Read a time; patterns of STIX 2.0 have it as a string."""
    error = cursor.bad("time")
    word = cursor.take({"time", "string"} if cursor.old else {"time"}, "time")
    if word.kind == "time":
        return literals.moment_of(word.text[2:-1])
    if not is_time(word.text):
        raise error
    return literals.moment_of(unquoted(word.text))


_PATTERNS: Grammar[Pattern] = Grammar(
    words=(Word.FOLLOWEDBY, Word.OR, Word.AND),
    join=Joined,
    operand=_observation,
    behind=_behind,
)
