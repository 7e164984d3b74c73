"""What is said of the digests: as what each is known, and which list says so.

    SOURCE TAB NAME LF

in order, each once, as UTF-8. A label's number is its line, from 0. The name may be
empty; no text holds a tab, an end of line or two blanks beside each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from clearward.core.errors import Malformed

FORMAT = "labels"
MOST_CHARACTERS = 200  # of a name, as it is read from a list
MOST_BYTES = 2 * 4 * MOST_CHARACTERS + 2  # of a line
_BETWEEN, _END = "\t", "\n"


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """One label.

    Attributes:
        source: name of the list.
        name: as what the digest is known there; empty if it does not say.
    """

    source: str
    name: str = ""


def plain(text: bytes) -> str:
    """Return text from a list as a name: one line, blanks where white space was."""
    words = text.decode("utf-8", errors="backslashreplace").split()
    return " ".join(" ".join(words)[:MOST_CHARACTERS].split())


def encode(labels: Iterable[Label]) -> bytes:
    """Return labels, which are in order, as bytes."""
    lines = (one.source + _BETWEEN + one.name + _END for one in labels)
    return "".join(lines).encode()


def decode(data: bytes) -> tuple[Label, ...]:
    """Read labels.

    Raises:
        Malformed: they are none, or not in order.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Malformed(FORMAT, error.start, "text") from error
    if text and not text.endswith(_END):
        raise Malformed(FORMAT, len(data), "end")
    fields = [line.split(_BETWEEN) for line in text.split(_END)[:-1]]
    if any(len(one) != 2 or _spread(one) for one in fields):  # noqa: PLR2004 - a pair
        raise Malformed(FORMAT, 0, "line")
    labels = tuple(Label(source, name) for source, name in fields)
    if any(one >= other for one, other in pairwise(labels)):
        raise Malformed(FORMAT, 0, "order")
    return labels


def _spread(fields: list[str]) -> bool:
    """Say whether texts have white space that no name has."""
    return any(one != " ".join(one.split()) for one in fields)
