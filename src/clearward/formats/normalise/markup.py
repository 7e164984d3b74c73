"""A page cut into pieces: text with tags, the tags of scripts, and what scripts say.

A tag begins at an angle bracket in text and ends at the first closing one, in quotes
or not; a comment is such a tag, too. What stands behind the tag of a script or a style
is not markup, until the tag that ends it.

Source: what Debian's clamscan 1.4.6 makes of such pages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_LONGEST_ENTITY = 40

_OPENING = re.compile(rb"<\s*+(script|style)(?=[\s>])", re.IGNORECASE)
_CLOSING = {
    b"script": re.compile(rb"<\s*+/script(?=[\s>])", re.IGNORECASE),
    b"style": re.compile(rb"<\s*+/style(?=[\s>])", re.IGNORECASE),
}


class Kind(Enum):
    """What a piece is."""

    TEXT = "text"  # and tags; begins outside of one
    SCRIPT = "script"
    STYLE = "style"


_KINDS = {b"script": Kind.SCRIPT, b"style": Kind.STYLE}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a page."""

    kind: Kind
    content: bytes


def pieces(page: bytes, block: int) -> Iterator[Piece]:
    """Yield the pieces of a page, all its bytes in order.

    Args:
        page: to be cut.
        block: bytes of a piece of text, if it can be cut there; at least 64.
    """
    start = place = 0
    while opening := _OPENING.search(page, place):
        end = page.find(b">", opening.start()) + 1 or len(page)
        if _in_tag(page, place, opening.start()):
            place = end
            continue
        yield from _blocks(page, start, end, block)
        name = opening[1].lower()
        closing = _CLOSING[name].search(page, end)
        start = place = closing.start() if closing else len(page)
        yield Piece(_KINDS[name], page[end:start])
    yield from _blocks(page, start, len(page), block)


def _in_tag(page: bytes, outside: int, place: int) -> bool:
    """Say whether a tag is open at a place, if none was `outside`, in front of it."""
    closed = max(page.rfind(b">", outside, place) + 1, outside)
    return page.find(b"<", closed, place) >= 0


def _blocks(page: bytes, start: int, end: int, block: int) -> Iterator[Piece]:
    """Yield text in pieces that end outside of tags and entities.

    A piece is longer than a few blocks only if it is a single tag.
    """
    while end - start > block:
        cut = page.rfind(b">", start, start + block) + 1
        if not cut:
            cut = _cut_without_end(page, start, end, block)
        yield Piece(Kind.TEXT, page[start:cut])
        start = cut
    if start < end:
        yield Piece(Kind.TEXT, page[start:end])


def _cut_without_end(page: bytes, start: int, end: int, block: int) -> int:
    """Return where to cut if no tag ends in the first block from `start`."""
    tag = page.find(b"<", start, start + block)
    if tag == start:
        return page.find(b">", start, end) + 1 or end
    if tag > start:
        return tag
    limit = start + block
    entity = page.rfind(b"&", limit - _LONGEST_ENTITY, limit)
    return limit if entity < 0 else entity
