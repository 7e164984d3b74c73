"""Rules put together from pieces: those of the release in force, and what is fetched.

Which pieces are asked for follows from what is published and what is installed, and
they are asked for in the order of the list. Each is checked on its own, and the whole
is checked after that as if it had come in one.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from clearward.core.errors import Malformed
from clearward.installing.carrier import Files
from clearward.installing.refusal import Code, Untrusted
from clearward.stores.installed.releases import Kept
from clearward.updates.pieces import Piece, Pieces

_SHARE = 2  # one file is asked for if more than one in so many bytes is missing


@dataclass(frozen=True, slots=True)
class Held:
    """Pieces that are on the disk already; each is believed for its digest alone.

    Attributes:
        descriptor: of an image; -1 for none.
        offsets: where its pieces begin.
    """

    descriptor: int = -1
    offsets: dict[Piece, int] = field(default_factory=dict)

    def read(self, piece: Piece) -> bytes | None:
        """Return a piece; None if it is not there, or is damaged."""
        offset = self.offsets.get(piece)
        if offset is None:
            return None
        try:
            found = os.pread(self.descriptor, piece.length, offset)
        except OSError:
            return None
        return found if _is(piece, found) else None


@contextmanager
def held(kept: Kept | None) -> Iterator[Held]:
    """Give the pieces of a release on the disk; none where it has no list of them."""
    with ExitStack() as stack:
        try:
            data = kept.pieces() if kept is not None else b""
            offsets = Pieces.parse(data).offsets()
            file = stack.enter_context(open(kept.image, "rb")) if kept else None
        except (OSError, Malformed):
            file, offsets = None, {}
        yield Held(file.fileno(), offsets) if file else Held()


def missing(pieces: Pieces, there: Held) -> dict[Piece, None]:
    """Return the pieces that have to be fetched, in their order, each once."""
    return {one: None for one in pieces.all if there.read(one) is None}


def is_worth_it(wanted: dict[Piece, None], length: int) -> bool:
    """Say whether these pieces are asked for, and not the whole of some length."""
    return sum(one.length for one in wanted) * _SHARE <= length


def together(pieces: Pieces, there: Held, carrier: Files) -> Iterator[bytes]:
    """Yield the pieces of an image, those that are not there from a carrier, each once.

    Raises:
        Untrusted: one of them is not what the list says.
    """
    left = Counter(pieces.all)
    again: dict[Piece, bytes] = {}  # what was fetched and comes once more
    for piece in pieces.all:
        content = again.get(piece) or there.read(piece)
        left[piece] -= 1
        if content is None:
            content = carrier.read(piece.place, piece.length)
            if not _is(piece, content):
                raise Untrusted(Code.TAMPERED, f"{piece.place}: not what its name says")
            again[piece] = content
        if not left[piece]:
            again.pop(piece, None)
        yield content


def _is(piece: Piece, content: bytes) -> bool:
    digest = hashlib.sha256(content).hexdigest()
    return (len(content), digest) == (piece.length, piece.digest)
