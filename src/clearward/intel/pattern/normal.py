"""Write a pattern so that patterns which say the same have the same text.

What is taken for the same: spaces, comments and brackets that change nothing; quotes
around keys; the names and the case of digests; forms of numbers, bytes and times;
values of known kinds in any writing; what AND and OR join, in any order; a set, and
its members joined by OR; ``NOT =`` and ``!=``; alternatives in one observation, and
between observations.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from clearward.indicators.canonical import canonical
from clearward.indicators.kinds import Kind
from clearward.intel.pattern.known import known_path, one_way
from clearward.intel.pattern.literals import written
from clearward.intel.pattern.parsing import parse
from clearward.intel.pattern.tokens import MOST_TEXT
from clearward.intel.pattern.tree import (
    Comparison,
    Joined,
    Junction,
    Literal,
    Observation,
    Operator,
    Pattern,
    Qualified,
    Repeats,
    Test,
    Word,
)
from clearward.intel.pattern.writing import (
    comparison_text,
    joined_text,
    path_text,
    qualified_text,
)

Node = TypeVar("Node")

_OPPOSITE = {Operator.EQUAL: Operator.UNEQUAL, Operator.UNEQUAL: Operator.EQUAL}
_EQUALITY = frozenset({Operator.EQUAL, Operator.UNEQUAL, Operator.IN})
_NETWORKS = frozenset({Operator.ISSUBSET, Operator.ISSUPERSET})


@dataclass(frozen=True, slots=True)
class _Written(Generic[Node]):
    """A node in its normal form, made once and used at every level.

    Attributes:
        node: the node.
        text: its text.
        parts: of what is joined, so that a level above can take them over.
    """

    node: Node
    text: str
    parts: "tuple[_Written[Node], ...]" = ()


def normalised(pattern: str | Pattern) -> str:
    """Return the one text of a pattern.

    Raises:
        LimitReached: by `parse`.
        Malformed: by `parse`.
    """
    return _pattern(_parsed(pattern)).text


def normal(pattern: str | Pattern) -> Pattern:
    """Return the pattern that the one text says; see `normalised`."""
    return _pattern(_parsed(pattern)).node


def _parsed(pattern: str | Pattern) -> Pattern:
    return parse(pattern) if isinstance(pattern, str) else pattern


def _pattern(pattern: Pattern) -> _Written[Pattern]:
    if isinstance(pattern, Observation):
        return _observation(_test(pattern.test))
    if isinstance(pattern, Qualified):
        return _qualified(pattern)
    return _joined(pattern)


def _observation(test: _Written[Test]) -> _Written[Pattern]:
    return _Written(Observation(test.node), f"[{test.text}]")


def _qualified(pattern: Qualified) -> _Written[Pattern]:
    what = _pattern(pattern.what)
    qualifiers = tuple(one for one in pattern.qualifiers if one != Repeats(1))
    if not qualifiers:
        return what
    if isinstance(what.node, Qualified):
        qualifiers = (*what.node.qualifiers, *qualifiers)
        what = what.parts[0]
    # What qualifiers are of has none of its own.
    node = Qualified(cast("Observation | Joined", what.node), qualifiers)
    return _Written(node, qualified_text(node, what.text), (what,))


def _joined(pattern: Joined) -> _Written[Pattern]:
    parts: list[_Written[Pattern]] = []
    for part in map(_pattern, pattern.parts):
        same = isinstance(part.node, Joined) and part.node.word is pattern.word
        parts += part.parts if same else (part,)
    if pattern.word is Word.OR:
        parts = _distinct(_one_observation(parts))
    elif pattern.word is Word.AND:
        # The same observation twice is two that are seen: none is left out.
        parts.sort(key=lambda one: one.text)
    if len(parts) == 1:
        return parts[0]
    node = Joined(pattern.word, tuple(part.node for part in parts))
    text = joined_text(pattern.word, ((part.node, part.text) for part in parts))
    return _Written(node, text, tuple(parts))


def _one_observation(parts: list[_Written[Pattern]]) -> list[_Written[Pattern]]:
    """Put alternatives that are one observation each into one."""
    alone = [part.node.test for part in parts if isinstance(part.node, Observation)]
    if len(alone) < 2:  # noqa: PLR2004 - nothing to join
        return parts
    rest = [part for part in parts if not isinstance(part.node, Observation)]
    return [_observation(_test(Junction(Word.OR, tuple(alone)))), *rest]


def _distinct(parts: Iterable[_Written[Node]]) -> list[_Written[Node]]:
    """In one order, each once."""
    by_text = {part.text: part for part in parts}
    return sorted(by_text.values(), key=_place)


def _place(part: _Written[Node]) -> tuple[int, str]:
    """Longer paths first, as `identity.pattern` has them; then by the text."""
    steps = part.node.path.steps if isinstance(part.node, Comparison) else ()
    return -len(steps), part.text


def _test(test: Test) -> _Written[Test]:
    if isinstance(test, Comparison):
        return _comparison(test)
    parts: list[_Written[Test]] = []
    for part in map(_test, test.parts):
        same = isinstance(part.node, Junction) and part.node.word is test.word
        parts += part.parts if same else (part,)
    return _of_word(test.word, _distinct(parts))


def _of_word(word: Word, parts: list[_Written[Test]]) -> _Written[Test]:
    if len(parts) == 1:
        return parts[0]
    node = Junction(word, tuple(part.node for part in parts))
    text = joined_text(word, ((one.node, one.text) for one in parts))
    return _Written(node, text, tuple(parts))


def _comparison(test: Comparison) -> _Written[Test]:
    path = known_path(test.path)
    operands = test.operands
    operator = test.operator
    negated = test.is_negated
    if operator in _EQUALITY:
        operands = tuple(one_way(path, operand) for operand in operands)
    if operator in _NETWORKS:
        operands = tuple(map(_network, operands))
    if operator is Operator.IN:
        by_text = {written(operand): operand for operand in operands}
        operands = tuple(by_text[text] for text in sorted(by_text))
        if len(operands) == 1:
            operator = Operator.EQUAL
    if negated and operator in _OPPOSITE:
        operator, negated = _OPPOSITE[operator], False
    made = Comparison(path, operator, operands, negated)
    if operator is Operator.IN and operands and not negated:
        size = sum(map(len, map(written, operands)))
        if len(operands) * (len(path_text(path)) + 4) + size <= MOST_TEXT:
            return _members(made)
    return _Written(made, comparison_text(made))


def _members(test: Comparison) -> _Written[Test]:
    """A set as its members, joined by OR; one that is too long stays a set."""
    each = (
        Comparison(test.path, Operator.EQUAL, (operand,)) for operand in test.operands
    )
    parts: Iterable[_Written[Test]] = (
        _Written(one, comparison_text(one)) for one in each
    )
    return _of_word(Word.OR, _distinct(parts))


def _network(operand: Literal) -> Literal:
    """A network by its first address and its length; an address is a network of one."""
    if not isinstance(operand, str):
        return operand
    for text in (operand, f"{operand}/{128 if ':' in operand else 32}"):
        found = canonical(Kind.CIDR, text)
        if found is not None:
            return found
    return operand
