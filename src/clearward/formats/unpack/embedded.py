"""Open archives and documents that begin in the middle of a part.

RAR, 7z, CAB, PDF and OLE2 behind a program, a picture or whatever else, see
`formats/embedded`. What is handed on is identified as any other part is.
"""

from collections.abc import Iterator

from clearward.core.part import Item
from clearward.core.reader import Reader
from clearward.formats.embedded.search import Search
from clearward.formats.embedded.signs import CONTAINERS

NAME = "embedded"
SEARCH = Search(*CONTAINERS)
MARKS = SEARCH.marks


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether an archive or a document begins behind the front of a part."""
    return SEARCH.holds(reader)


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield each from its first byte on."""
    return SEARCH.parts(reader)
