"""Read what stands between square brackets: comparisons, joined by AND and OR.

Source: STIX 2.1, sections 9.6 and 9.7.
"""

from clearward.intel.pattern import literals
from clearward.intel.pattern.cursor import Cursor
from clearward.intel.pattern.frames import Grammar, read
from clearward.intel.pattern.tokens import unquoted
from clearward.intel.pattern.tree import (
    Comparison,
    Every,
    Junction,
    Literal,
    Operator,
    Path,
    Step,
    Test,
    Word,
)

_EQUAL = frozenset({"=", "!="})
_ORDER = frozenset({"<", "<=", ">", ">="})
_TEXT = frozenset({"LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET"})
_OPERATORS = _EQUAL | _ORDER | _TEXT | {"IN"}
_STRING = frozenset({"string"})
_KEYS = frozenset({"name", "string"})
_TYPES = frozenset({"name", "hyphened"})
_POSITIONS = frozenset({"integer", "*"})


def test(cursor: Cursor) -> Test:
    """Read a test; the bracket behind it is left.

    Raises:
        LimitReached: it is too deep, or has too many comparisons.
        Malformed: it is no test.
    """
    return read(cursor, _TESTS)


def _comparison(cursor: Cursor) -> Comparison:
    cursor.count()
    if cursor.kind in {"NOT", "EXISTS"}:
        negated = cursor.skip("NOT")
        cursor.take({"EXISTS"}, "EXISTS")
        return Comparison(_path(cursor), Operator.EXISTS, (), negated)
    path = _path(cursor)
    negated = cursor.skip("NOT")
    operator = Operator(cursor.take(_OPERATORS, "operator").kind)
    return Comparison(path, operator, _operands(cursor, operator), negated)


def _operands(cursor: Cursor, operator: Operator) -> tuple[Literal, ...]:
    if operator is Operator.IN:
        return _set(cursor)
    if operator in _TEXT:
        return (unquoted(cursor.take(_STRING, "string").text),)
    kinds = literals.ORDERED if operator in _ORDER else literals.ALL
    return (literals.literal(cursor.take(kinds, "constant")),)


def _set(cursor: Cursor) -> tuple[Literal, ...]:
    cursor.take({"("}, "set")
    if cursor.skip(")"):
        return ()
    found = [literals.literal(cursor.take(literals.ALL, "constant"))]
    while cursor.skip(","):
        found.append(literals.literal(cursor.take(literals.ALL, "constant")))
    cursor.take({")"}, "set")
    return tuple(found)


def _path(cursor: Cursor) -> Path:
    type = cursor.take(_TYPES, "type of an object").text
    cursor.take({":"}, "colon")
    steps: list[Step] = [_key(cursor)]
    while True:
        if cursor.skip("."):
            steps.append(_key(cursor))
        elif cursor.skip("["):
            steps.append(_position(cursor))
            cursor.take({"]"}, "bracket")
        else:
            return Path(type, tuple(steps))


def _key(cursor: Cursor) -> str:
    word = cursor.take(_KEYS, "key")
    # A name is the same text in quotes: most have no need of them.
    return unquoted(word.text) if word.kind == "string" else word.text


def _position(cursor: Cursor) -> int | Every:
    error = cursor.bad("position")
    word = cursor.take(_POSITIONS, "position")
    if word.kind == "*":
        return Every.MEMBER
    value = literals.integer(word)
    if value < 0:
        raise error
    return value


_TESTS: Grammar[Test] = Grammar(
    words=(Word.OR, Word.AND), join=Junction, operand=_comparison
)
