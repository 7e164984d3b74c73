"""Borders of words and lines: ``(B)``, ``(L)``, ``(W)`` and whole words.

The first and the last element of a piece (NEAR is not counted) may be a border. It
takes no byte there: the first looks at what stands before the piece, the last at what
stands behind it. At the edge of the part there always is a border, of every kind.
Anywhere else in a piece a border takes one byte, of the set `WITHIN`. Negated, what is
said here must not hold, so a negated border is never found at the edge of the part.

    kind              before the piece         behind it             within, one byte
    WORD              one of BEFORE_WORD       one of BEHIND_WORD    one of both sets
    LINE              newline                  newline, or return    newline
                                               and newline
    NOT_ALPHANUMERIC  none of 0-9 A-Z a-z      likewise              likewise
    WIDE              unless 0-9 A-Z a-z, 0    unless 0-9 A-Z a-z    (refused)
                      are the two bytes        is the next byte, and 0
                      before                   or the edge behind it

Negated it is the opposite, but that a negated WORD before a piece denies both sets.
(In signatures a negated border before a piece takes a byte, which gaps and offsets
count: their reader makes an element of it, and none of these.)

The sets were found by asking clamscan 1.4.6 for each byte (`tests/native`); a negated
border in front of a piece at the first byte of the part makes it crash.
"""

from clearward.native.layout import Border
from clearward.native.paged import Data

ALPHANUMERIC = frozenset(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
BEFORE_WORD = frozenset(b" -./<@_")
BEHIND_WORD = frozenset(b"\n\r \"'-/=>_")
WITHIN = {
    Border.WORD: BEFORE_WORD | BEHIND_WORD,
    Border.LINE: frozenset(b"\n"),
    Border.NOT_ALPHANUMERIC: frozenset(range(256)) - ALPHANUMERIC,
}


def before(kind: Border, data: Data, place: int, *, negated: bool) -> bool:
    """Say whether a piece that begins at `place` has a border before it.

    Negated: whether it has none.
    """
    if place == 0:
        return not negated
    if kind is Border.WIDE:
        word = place > 1 and data[place - 2] in ALPHANUMERIC
        return (word and data[place - 1] == 0) == negated
    if kind is Border.WORD and not negated:
        return data[place - 1] in BEFORE_WORD
    return (data[place - 1] in WITHIN[kind]) != negated


def behind(kind: Border, data: Data, place: int, *, negated: bool) -> bool:
    """Say whether a piece that ends at `place` has one behind it; negated, none."""
    return _behind(kind, data, place) != negated


def _behind(kind: Border, data: Data, place: int) -> bool:
    if place == len(data):
        return True
    next_byte = data[place]
    if kind is Border.WIDE:
        ends = place + 1 == len(data) or data[place + 1] == 0
        return not (next_byte in ALPHANUMERIC and ends)
    if kind is Border.WORD:
        return next_byte in BEHIND_WORD
    if kind is Border.LINE:
        return data.startswith((b"\n", b"\r\n"), place)
    return next_byte in WITHIN[kind]
