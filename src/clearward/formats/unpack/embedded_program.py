"""Hand on Windows programs that begin in the middle of a part.

They are no containers, but what is asked about a program (its places, its sections) is
asked about these too, as clamscan does.
"""

from collections.abc import Iterator

from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.formats.embedded.search import Search
from clearward.formats.embedded.signs import PROGRAM

NAME = "embedded-program"
SEARCH = Search(PROGRAM)
MARKS = SEARCH.marks


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a program begins behind the front of a part."""
    return SEARCH.holds(reader)


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield each from its first byte on."""
    return SEARCH.parts(reader)
