"""What makes text a page, and what begins a data URL.

Asked about every text, so both are looked for by the compiled normalisers, too.

Source: what clamscan 1.4.6 answered to files made for the question.
"""

import re
from enum import IntEnum

from typing_extensions import Buffer

TAGS = (b"<html>", b"<head>", b"<script", b"<img", b"<iframe", b"<table", b"<object")
OVERLAP = max(map(len, TAGS)) - 1  # bytes of a chunk to be looked at with the next

_TAG = re.compile(b"|".join(TAGS), re.IGNORECASE)
_LINK = re.compile(rb"<a ", re.IGNORECASE)
_TARGET = re.compile(rb"href", re.IGNORECASE)
_ADDRESS = re.compile(rb"[dD][aA][tT][aA]:")


class Seen(IntEnum):
    """What was met of a page."""

    NOTHING = 0
    LINK = 1
    PAGE = 2


def page(data: bytes, before: int) -> int:
    """Say whether there is one of `TAGS`, or a link and later its target: a `Seen`.

    Args:
        data: some of a text.
        before: what was met in front of it: NOTHING or LINK.
    """
    if _TAG.search(data):
        return Seen.PAGE
    link, start = before == Seen.LINK, 0
    if not link and (found := _LINK.search(data)):
        link, start = True, found.end()
    if link and _TARGET.search(data, start):
        return Seen.PAGE
    return Seen.LINK if link else Seen.NOTHING


def address(data: Buffer, start: int) -> int:
    """Return where the scheme of a data URL is from `start` on, or -1."""
    found = _ADDRESS.search(data, start)
    return found.start() if found else -1
