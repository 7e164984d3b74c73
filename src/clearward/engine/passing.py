"""Look at a stream that passes by once, too large to be held."""

from collections.abc import Iterator

from clearward.core.reader import Reader
from clearward.formats.identify import HEAD
from clearward.formats.unpack import FORMATS

SEAM = 1024  # bytes of one chunk that are looked at again with the next
ANYWHERE = tuple(format for format in FORMATS if format.anywhere)


def holds_container(chunks: Iterator[bytes]) -> bool:
    """Say whether a container begins in the middle of what passes.

    It could only be opened with all of it at hand. Everything is read in any case.
    """
    found = False
    before = b""
    for chunk in chunks:
        if found:
            continue
        both = before + chunk
        reader = Reader.of(both)
        found = any(format.recognises(both[:HEAD], reader) for format in ANYWHERE)
        before = chunk[-SEAM:]
    return found


def drained(pieces: list[bytes]) -> Iterator[bytes]:
    """Yield the pieces and let go of each, so that they are not held twice."""
    pieces.reverse()
    while pieces:
        yield pieces.pop()
