"""White space of a page made short: one space at most, and none behind a tag.

Done for all bytes of a block at once, in large integers, so that it takes the same
time whatever the block holds. Each byte gets two bits: that it is a space (the lowest)
and that a space behind it goes away (the highest). Fifteen bits further down, the high
bit of a byte stands on the low bit of the next one; both together are the spaces to
be dropped, and they are turned into zero bytes, of which there are no others.
"""

from clearward.formats.normalise.text import WHITE

_EVERY = bytes(range(256))
SPACES = bytes.maketrans(WHITE, b" " * len(WHITE))
_IS_SPACE = 0x01
_SWALLOWS = 0x80
_TO_LOWEST_OF_NEXT = 15  # bits from the highest of one byte
_TO_SPACE = 5  # bits from the lowest to 0x20


class Squeezer:
    """Squeezes blocks of one text.

    Args:
        swallowing: bytes behind which a space is dropped, apart from the space.
        dropped: bytes that are left out; the zero byte always is.
    """

    def __init__(self, swallowing: bytes = b"", dropped: bytes = b"") -> None:
        self._dropped = b"\0" + dropped
        places = bytearray(len(_EVERY))
        for byte in swallowing:
            places[byte] = _SWALLOWS
        places[ord(" ")] = _SWALLOWS | _IS_SPACE
        self._places = bytes(places)

    def squeeze(self, block: bytes) -> bytes:
        """Return the block without the spaces that go; its first byte stays."""
        kept = block.translate(SPACES, self._dropped)
        places = int.from_bytes(kept.translate(self._places), "big")
        gone = places & (places >> _TO_LOWEST_OF_NEXT)
        if not gone:
            return kept
        left = int.from_bytes(kept, "big") ^ (gone << _TO_SPACE)
        return left.to_bytes(len(kept), "big").translate(None, b"\0")
