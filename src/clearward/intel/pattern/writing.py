"""Write a pattern: one space between words, brackets only where they are needed."""

import re
from collections.abc import Iterable

from clearward.intel.pattern.literals import number, written
from clearward.intel.pattern.tokens import KEYWORDS, quoted
from clearward.intel.pattern.tree import (
    Comparison,
    Every,
    Joined,
    Junction,
    Observation,
    Operator,
    Path,
    Pattern,
    Qualified,
    Qualifier,
    Repeats,
    Test,
    Within,
    Word,
)

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Those that bind more are larger.
_STRENGTH = {Word.FOLLOWEDBY: 0, Word.OR: 1, Word.AND: 2}
_ALONE = 3


def pattern_text(pattern: Pattern) -> str:
    """Return the text of a pattern; read again it is the same pattern."""
    if isinstance(pattern, Observation):
        return f"[{test_text(pattern.test)}]"
    if isinstance(pattern, Qualified):
        return qualified_text(pattern, pattern_text(pattern.what))
    return joined_text(
        pattern.word, ((part, pattern_text(part)) for part in pattern.parts)
    )


def test_text(test: Test) -> str:
    """Return the text of a test, without brackets around it."""
    if isinstance(test, Comparison):
        return comparison_text(test)
    return joined_text(test.word, ((part, test_text(part)) for part in test.parts))


def joined_text(word: Word, parts: Iterable[tuple[Pattern | Test, str]]) -> str:
    """Return the text of nodes that a word joins, each given with its own text."""
    return f" {word} ".join(
        f"({text})" if _strength(node) <= _STRENGTH[word] else text
        for node, text in parts
    )


def qualified_text(node: Qualified, what: str) -> str:
    """Return the text of a node with its qualifiers, given that of the node alone."""
    if not isinstance(node.what, Observation) or _is_twice(node.qualifiers):
        what = f"({what})"
    return " ".join([what, *map(_qualifier, node.qualifiers)])


def path_text(path: Path) -> str:
    """Return the text of a path; keys are in quotes only where they need them."""
    text = [path.type, ":"]
    for count, step in enumerate(path.steps):
        if isinstance(step, Every):
            text.append("[*]")
        elif isinstance(step, int):
            text.append(f"[{step}]")
        else:
            is_plain = _PLAIN.fullmatch(step) and step not in KEYWORDS
            text += ("." if count else "", step if is_plain else quoted(step))
    return "".join(text)


def comparison_text(test: Comparison) -> str:
    """Return the text of a comparison."""
    path = path_text(test.path)
    before = "NOT " if test.is_negated else ""
    if test.operator is Operator.EXISTS:
        return f"{before}EXISTS {path}"
    operands = ", ".join(map(written, test.operands))
    if test.operator is Operator.IN:
        operands = f"({operands})"
    return f"{path} {before}{test.operator} {operands}"


def _strength(node: Pattern | Test) -> int:
    return _STRENGTH[node.word] if isinstance(node, Joined | Junction) else _ALONE


def _is_twice(qualifiers: tuple[Qualifier, ...]) -> bool:
    """Say whether two are of a kind, which only brackets may have."""
    kinds = [type(one) for one in qualifiers]
    return len(set(kinds)) < len(kinds)


def _qualifier(qualifier: Qualifier) -> str:
    if isinstance(qualifier, Within):
        return f"WITHIN {number(qualifier.seconds)} SECONDS"
    if isinstance(qualifier, Repeats):
        return f"REPEATS {qualifier.times} TIMES"
    return f"START {written(qualifier.start)} STOP {written(qualifier.stop)}"
