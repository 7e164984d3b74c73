"""How the bytes of a body are meant: plain or wide, with or without regard to case.

``::i`` folds letters, ``::w`` puts a zero byte behind every byte that is written down
(``??`` and halves, too, but not ``{n}``), ``::f`` asks for a border before the first
and behind the last piece. All of it is compiled away here.

Source: docs.clamav.net, "Logical signatures", and ENGINE.md; tried with clamscan 1.4.6.
"""

import re
from binascii import unhexlify
from dataclasses import dataclass

from clearward.native.layout import Border
from clearward.rules.clamav.cubes import one_of
from clearward.rules.clamav.model import Bytes, Choice, Edge, Element, Masked, Skip

_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_ALPHANUMERIC = _LETTERS | frozenset(b"0123456789")
_CASE = 0x20  # the bit that tells a small letter from a capital one
_FOLDED = bytes(value & ~_CASE if value in _LETTERS else value for value in range(256))
_FOLDED_MASKS = bytes(
    0xFF & ~_CASE if value in _LETTERS else 0xFF for value in range(256)
)
_HAS_LETTER = re.compile(b"[A-Za-z]").search

# What takes a byte where a border stands within a piece (tried, byte by byte).
_WITHIN = {
    Border.WORD: frozenset(b"\n\r \"'-./<=>@_"),
    Border.LINE: frozenset(b"\n"),
    Border.NOT_ALPHANUMERIC: frozenset(range(256)) - _ALPHANUMERIC,
}


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a body is meant.

    Attributes:
        wide: a zero byte follows every byte.
        folded: without regard to case.
        whole: a border on both sides.
    """

    wide: bool = False
    folded: bool = False
    whole: bool = False

    def plain(self, data: bytes) -> Element:
        """Return the element for bytes that are written down."""
        if self.wide:
            spread = bytearray(2 * len(data))
            spread[::2] = data
            data = bytes(spread)
        if self.folded and _HAS_LETTER(data):
            return Masked(data.translate(_FOLDED), data.translate(_FOLDED_MASKS))
        return Bytes(data)

    def anything(self, count: int) -> Element:
        """Return the element for so many ``??``."""
        if self.wide:
            return Masked(bytes(2 * count), b"\0\xff" * count)
        return Skip(count)

    def halves(self, text: str) -> Masked:
        """Return the element for bytes of which half is written down, as in ``a?``.

        Their case counts also with ``::i``.
        """
        values = unhexlify(text.replace("?", "0"))
        masks = bytes(
            0xF0 if text[place + 1] == "?" else 0x0F for place in range(0, len(text), 2)
        )
        if self.wide:
            spread = bytearray(2 * len(values))
            spread[::2] = values
            kept = bytearray(b"\xff" * (2 * len(masks)))
            kept[::2] = masks
            return Masked(bytes(spread), bytes(kept))
        return Masked(values, masks)

    def border(self, kind: Border, *, negated: bool) -> Edge:
        """Return what stands for a border at the end of a piece."""
        if self.wide and kind is Border.NOT_ALPHANUMERIC:
            kind = Border.WIDE
        return Edge(kind, negated)


PLAIN = Form()


def within(edge: Edge) -> Choice:
    """Return what takes the byte of a border that stands within a piece."""
    kind = Border.NOT_ALPHANUMERIC if edge.kind is Border.WIDE else edge.kind
    return one_of(_WITHIN[kind], negated=edge.negated)
