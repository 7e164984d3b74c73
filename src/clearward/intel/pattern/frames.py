"""What is read between brackets: operands and the words that join them.

Words that bind less stand first: ``a OR b AND c`` is ``a OR (b AND c)``. What is
joined by the same word is one node. Brackets that are open are frames on a list, so
that no text makes this call itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from clearward.core.errors import LimitReached
from clearward.core.reasons import Reason
from clearward.intel.pattern.cursor import Cursor
from clearward.intel.pattern.tree import Word

MOST_DEPTH = 64  # round brackets within round brackets

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Grammar(Generic[Node]):
    """What may stand between brackets.

    Attributes:
        words: that join, those that bind less first.
        join: makes a node of two or more.
        operand: reads one that is in no round brackets.
        behind: reads what may stand behind a closing bracket.
    """

    words: Sequence[Word]
    join: Callable[[Word, tuple[Node, ...]], Node]
    operand: Callable[[Cursor], Node]
    behind: Callable[[Cursor, Node], Node] = lambda _, node: node


def read(cursor: Cursor, grammar: Grammar[Node]) -> Node:
    """Read operands until one is followed by something that joins none.

    Raises:
        LimitReached: brackets are deeper than `MOST_DEPTH`.
        Malformed: by what reads an operand, or a bracket is not closed.
    """
    frames = [_Frame(grammar)]
    while True:
        while cursor.skip("("):
            frames.append(_Frame(grammar))
            if len(frames) > MOST_DEPTH + 1:
                raise LimitReached(Reason.DEPTH_LIMIT)
        node = grammar.operand(cursor)
        while cursor.kind not in grammar.words:
            node = frames.pop().closed_by(node)
            if not frames:
                return node
            cursor.take(")", "bracket")
            node = grammar.behind(cursor, node)
        word = Word(cursor.take(grammar.words, "word").kind)
        frames[-1].joined_by(word, node)


class _Frame(Generic[Node]):
    """Operands between two brackets, as far as they are read."""

    def __init__(self, grammar: Grammar[Node]) -> None:
        self._grammar = grammar
        self._waiting: list[list[Node]] = [[] for _ in grammar.words]

    def joined_by(self, word: Word, before: Node) -> None:
        """Take an operand and the word behind it."""
        level = self._grammar.words.index(word)
        self._waiting[level].append(self._folded(before, level + 1))

    def closed_by(self, last: Node) -> Node:
        """Take the last operand; return all of it as one node."""
        return self._folded(last, 0)

    def _folded(self, node: Node, level: int) -> Node:
        """Join what waits for words that bind at least as much as those of a level."""
        for number in range(len(self._waiting) - 1, level - 1, -1):
            waiting = self._waiting[number]
            if waiting:
                node = self._grammar.join(self._grammar.words[number], (*waiting, node))
                self._waiting[number] = []
        return node
