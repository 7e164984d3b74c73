"""What `--explain` found on the ways through a file, as a tree of lines.

Each part is named once, below what it lies in; what is said about it stands behind
its name or, if there is more, below it:

    invoice.zip
      a.docm
        VBA/Module1
          Macro.Suspect $a at 12+7
      b.bin
        not looked at: encrypted
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

INDENT = "  "


@dataclass(slots=True)
class Node:
    """A part on the way to something.

    Attributes:
        said: what is said about the part itself.
        below: parts in it, by the name they are shown with.
    """

    said: list[str] = field(default_factory=list)
    below: dict[str, "Node"] = field(default_factory=dict)


def tree(notes: Iterable[tuple[list[str], str]]) -> Iterator[str]:
    """Yield lines, without recursion: a file may be nested as deep as it likes.

    Args:
        notes: the way to a part, from the file on but without it, and what is said.
    """
    root = Node()
    for way, said in notes:
        node = root
        for name in way:
            node = node.below.setdefault(name, Node())
        node.said.append(said)
    yield from root.said
    waiting = [(0, name, node) for name, node in reversed(root.below.items())]
    while waiting:
        depth, name, node = waiting.pop()
        yield INDENT * depth + name
        for said in node.said:
            yield INDENT * (depth + 1) + said
        below = reversed(node.below.items())
        waiting += [(depth + 1, name, inner) for name, inner in below]
