"""Look at a stream that passes by once, too large to be held."""

from collections.abc import Iterable, Iterator
from io import SEEK_END, BytesIO

from clearward.core.limits import WHOLE
from clearward.core.reader import CHUNK, Reader
from clearward.core.reasons import Reason
from clearward.engine.budget import Budget
from clearward.engine.carried import Kept
from clearward.engine.looker import AsksPassing
from clearward.engine.notes import Notes
from clearward.formats import closed
from clearward.formats.format import Format
from clearward.formats.identify import HEAD, goes_through, identify
from clearward.formats.unpack import FORMATS, netbundle
from clearward.rules.windows import Windows

SEAM = 1024  # bytes of one chunk that are looked at again with the next
# What is found where it begins, and what takes the headers of a program to be found.
IN_PROGRAMS = ("embedded-program", "overlay")  # those were matched as they are
CARRIED = ("installer", "selfextracting")
ANYWHERE = tuple(
    format
    for format in FORMATS
    if format.anywhere and format.name not in (*IN_PROGRAMS, *CARRIED)
)
IN_PROGRAM = tuple(
    format for format in (*FORMATS, *closed.CLOSED) if format.name in CARRIED
)


def formats_of(front: bytes) -> list[Format]:
    """Return the formats of what begins like this.

    Where one of them hands on everything as it passes, what begins in the middle comes
    with its parts; where programs look for the end of another is not known yet.
    """
    formats = identify(front[:HEAD], Reader.of(front))
    if goes_through(formats):
        formats = [each for each in formats if not each.anywhere]
    return formats


def read_ahead(formats: Iterable[Format], notes: Notes) -> Format | None:
    """Return the format that a stream can be opened as; note that others are not."""
    ahead = None
    for format in formats:
        if ahead is None and format.unpack_ahead is not None:
            ahead = format
        else:
            known = format.unpack is not None
            notes.gap(Reason.MEMORY_LIMIT if known else Reason.UNSUPPORTED)
    return ahead


def matched(
    chunks: Iterator[bytes], windows: Windows, asker: AsksPassing | None, notes: Notes
) -> Iterator[bytes]:
    """Yield chunks that were matched, and asked about if there is whom to ask."""
    for chunk in chunks:
        notes.hits(windows.feed(chunk))
        if asker is not None:
            asker.feed(chunk)
        yield chunk


def holds_container(front: bytes, chunks: Iterator[bytes]) -> bool:
    """Say whether a container begins in the middle of what passes.

    It could only be opened with all of it at hand. Everything is read in any case.

    Args:
        front: of the part, 1 MiB or all of it: of a program, as far as its headers.
        chunks: the part from its first byte on.
    """
    found = False
    before = b""
    looked = before, before
    kept = Kept(front)
    for chunk in chunks:
        kept.feed(chunk)
        if found:
            continue
        if (before, chunk) == looked:  # a bomb is the same again and again
            continue
        looked = before, chunk
        both = before + chunk
        before = chunk[-SEAM:]
        reader = Reader.of(both)
        found = any(format.recognises(both[:HEAD], reader) for format in ANYWHERE)
        found = found or netbundle.points(both)
    return found or any(kept.shows(format) for format in IN_PROGRAM)


def drained(pieces: list[bytes], budget: Budget) -> Iterator[bytes]:
    """Yield the pieces and let go of each, so that they are not held twice.

    As long as there are more than `WHOLE` bytes of them, others have that less room.
    """
    pieces.reverse()
    left = sum(map(len, pieces))
    charged = 0
    try:
        while pieces:
            more = max(left - WHOLE, 0) - charged
            budget.hold(more)
            charged += more
            piece = pieces.pop()
            left -= len(piece)
            yield piece
    finally:
        budget.hold(-charged)


def parted(whole: BytesIO) -> list[bytes]:
    """Return the content of a buffer in pieces, and let go of it meanwhile."""
    pieces: list[bytes] = []
    left = whole.seek(0, SEEK_END)
    while left:
        left = (left - 1) // CHUNK * CHUNK
        whole.seek(left)
        pieces.append(whole.read())
        whole.truncate(left)
    pieces.reverse()
    return pieces
