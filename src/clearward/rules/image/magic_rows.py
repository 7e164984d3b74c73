"""Rows of the list of magics (.ftm): bytes at a place, or a regular expression.

What a row says is in `rules.magics`, which reads them.
"""

import re

from clearward.native.layout import Where
from clearward.rules.clamav.listed import Magic
from clearward.rules.clamav.model import (
    Body,
    Bytes,
    Chain,
    Choice,
    Element,
    Masked,
    Piece,
    Skip,
)
from clearward.rules.magics import WINDOW

# Archives behind a program are no type of the part itself; what clamscan ignores is
# looked at here.
NO_TYPES = frozenset(
    f"CL_TYPE_{word}"
    for word in ("ZIPSFX", "RARSFX", "7ZSFX", "CABSFX", "ARJSFX", "IGNORED")
)


def row_of(magic: Magic) -> list[object] | None:
    """Return a magic as a row, or None if it cannot match: what it is, is elsewhere."""
    place, chains = magic.body.place, magic.body.chains
    if place.where not in (Where.START, Where.ANYWHERE):
        return None
    if magic.partition or magic.becomes in NO_TYPES:
        return None
    if magic.plain:
        ((piece,),) = (chain.pieces for chain in chains)
        data = b"".join(one.data for one in piece if isinstance(one, Bytes))
        if place.offset + len(data) > WINDOW:
            return None
        return [True, place.offset, data.decode("latin-1"), "", magic.becomes]
    text = pattern_of(magic.body).decode("latin-1")
    return [False, 0, text, magic.given, magic.becomes]


def pattern_of(body: Body) -> bytes:
    """Return a body as a regular expression.

    Raises:
        ValueError: it has a border, which no magic is known to have.
    """
    chains = b"|".join(map(_chain, body.chains))
    if body.place.where is Where.ANYWHERE:
        return b"(?:%b)" % chains
    least = min(body.place.offset, WINDOW)
    most = min(body.place.offset + body.place.shift, WINDOW)
    return rb"\A.{%d,%d}?(?:%b)" % (least, most, chains)


def _chain(chain: Chain) -> bytes:
    pieces = list(map(_piece, chain.pieces))
    written = pieces[:1]
    for (least, most), piece in zip(chain.gaps, pieces[1:], strict=True):
        bounds = b"%d," % min(least, WINDOW)
        if most is not None:
            bounds += b"%d" % min(most, WINDOW)
        written += [b".{%b}?" % bounds, piece]
    return b"".join(written)


def _piece(piece: Piece) -> bytes:
    return b"".join(map(_element, piece))


def _element(element: Element) -> bytes:
    if isinstance(element, Bytes):
        return re.escape(element.data)
    if isinstance(element, Masked):
        pairs = zip(element.values, element.masks, strict=True)
        return b"".join(_masked(value, mask) for value, mask in pairs)
    if isinstance(element, Skip):
        return b".{%d}" % element.count
    if not isinstance(element, Choice):
        raise ValueError("a magic with a border")  # noqa: TRY004 - the text is wrong
    choice = b"(?:%b)" % b"|".join(map(_piece, element.alternatives))
    if not element.negated:
        return choice
    length = sum(map(_length, element.alternatives[0]))
    return b"(?!%b).{%d}" % (choice, length)


def _length(element: Element) -> int:
    if isinstance(element, Bytes):
        return len(element.data)
    if isinstance(element, Masked):
        return len(element.values)
    if isinstance(element, Skip):
        return element.count
    if isinstance(element, Choice):
        return sum(map(_length, element.alternatives[0]))
    return 0


def _masked(value: int, mask: int) -> bytes:
    fits = (one for one in range(256) if one & mask == value)
    return b"[%b]" % b"".join(rb"\x%02x" % one for one in fits)
