"""Short keys, for bodies that have no four bytes to be found by.

A key is two bytes, each of which may have a mask as long as its values are few, and a
third under any mask.
"""

from clearward.rules.clamav.model import Body, Chain, Piece
from clearward.rules.image.anchors import (
    USUAL,
    Anchor,
    AnchorSet,
    all_of,
    best_of,
    keys_of,
)
from clearward.rules.image.cells import Run, rows_of
from clearward.rules.image.frequencies import Frequencies, sum_of

KEY = 2
LENGTH = 3
COMMON = 16  # bits: what is more common than this occurs in most files

_LOOKED_AT = 64


class Shorts:
    """Chooses short keys.

    Args:
        frequencies: of ordinary files.
    """

    def __init__(self, frequencies: Frequencies) -> None:
        self._rarity = frequencies.rarity

    def of_body(self, body: Body) -> AnchorSet | None:
        """Return keys one of which occurs wherever a body matches, if it has any."""
        return all_of([self._of_chain(chain) for chain in body.chains])

    def _of_chain(self, chain: Chain) -> AnchorSet | None:
        best: AnchorSet | None = None
        for piece in chain.pieces:
            best = best_of(best, self._of_piece(piece))
        return best

    def _of_piece(self, piece: Piece) -> AnchorSet | None:
        rows = rows_of(piece, expand=True)
        found: list[AnchorSet | None] = []
        for row in rows:
            best: AnchorSet | None = None
            for run in row:
                best = best_of(best, self._of_run(run))
            found.append(best)
        return all_of(found)

    def _of_run(self, run: Run) -> AnchorSet | None:
        best: AnchorSet | None = None
        for at in range(min(len(run.values) - KEY + 1, _LOOKED_AT)):
            anchor = Anchor(run.values[at : at + LENGTH], run.masks[at : at + LENGTH])
            score = self._score(anchor)
            if score >= COMMON:
                best = best_of(best, AnchorSet(score, (anchor,)))
        return best

    def _score(self, anchor: Anchor) -> int:
        """Return the rarity of a key in bits; -1 if it cannot be one."""
        values, masks = anchor.values, anchor.masks
        keys = keys_of(values[:KEY], masks[:KEY], USUAL.keys)
        if not keys or len(set(values)) == 1:
            return -1
        third = masks[KEY:].rjust(1, b"\0")[0]
        if third == 0xFF:  # noqa: PLR2004 - a byte without a mask
            return sum_of([self._rarity(key + values[KEY:]) for key in keys])
        return sum_of(map(self._rarity, keys)) + third.bit_count() // 2
