"""Anchors: rare bytes that occur wherever a body matches.

An anchor for stride s is found by looking at one place in s only, so it is looked for
by the four bytes at each of its first s places, and up to eight bytes from there
confirm it. Four bytes with masks in them are looked for by each of their values.

Of all windows of a body the best is the one whose keys, and whose bytes as a whole,
are rarest in ordinary files, and that fewest signatures so far have taken: of hundreds
that begin alike each then gets bytes of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product, repeat

from clearward.rules.clamav.model import Body, Bytes, Chain, Piece
from clearward.rules.image.cells import Row, Run, has_choice, rows_of
from clearward.rules.image.frequencies import GRAM, UNSEEN, Frequencies, sum_of

STRIDES = (4, 2, 1)
WINDOW = 8  # bytes that confirm an anchor
LONGEST = WINDOW + STRIDES[0] - 1  # cells of an anchor
MOST_ANCHORS = 128  # of one signature
BEST = 3 * UNSEEN + WINDOW  # score of a window that nothing speaks against

GOOD = BEST - 4  # better is not worth a search

_LOOKED_AT = 96  # places of a long run
_ANY_BYTE = 255
_MOST_TAKEN = 20  # of a score
_REPEATED = {bytes([byte]) * GRAM: 0 for byte in range(256)}
_UNSEEN = bytes([UNSEEN]) * LONGEST  # rarities of what nothing speaks against
_MOST_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Effort:
    """What is still taken for an anchor.

    Attributes:
        keys: most values of four bytes under masks.
        key: bits; keys more common than this are looked up more often than they help.
        whole: bits; what is more common than this occurs in most files.
    """

    keys: int
    key: int
    whole: int


USUAL = Effort(16, 8, 14)
WIDE = Effort(256, 8, 14)  # one byte may be any
LAST = Effort(256, 6, 9)  # better than to look for the whole body in every part


@dataclass(frozen=True, slots=True)
class Anchor:
    """At most `LONGEST` cells; see `cells.Run`."""

    values: bytes
    masks: bytes


@dataclass(frozen=True, slots=True)
class AnchorSet:
    """Anchors one of which occurs; the higher the score of the worst, the better."""

    score: int
    anchors: tuple[Anchor, ...]

    @property
    def rank(self) -> int:
        """The score, less what it costs that they are many."""
        return self.score - 2 * (len(self.anchors).bit_length() - 1)


def best_of(first: AnchorSet | None, second: AnchorSet | None) -> AnchorSet | None:
    """Return the better one of two of which both would do."""
    if first is None or second is None:
        return first or second
    return second if second.rank > first.rank else first


def all_of(sets: Sequence[AnchorSet | None]) -> AnchorSet | None:
    """Return one set for alternatives, each of which needs its own."""
    if len(sets) == 1:
        return sets[0]
    anchors: dict[Anchor, None] = {}
    score = BEST
    for each in sets:
        if each is None:
            return None
        score = min(score, each.score)
        anchors.update(dict.fromkeys(each.anchors))
    if not 0 < len(anchors) <= MOST_ANCHORS:
        return None
    return AnchorSet(score, tuple(anchors))


How = tuple[int, Effort]  # stride, and what is taken


class Anchors:
    """Chooses anchors, and remembers what was taken.

    Args:
        frequencies: of ordinary files.
    """

    def __init__(self, frequencies: Frequencies) -> None:
        self._rarities = {**frequencies.of, **_REPEATED}
        self._taken: dict[bytes, int] = {}
        # The same pieces are asked about for each stride, one signature after the
        # other: known by identity, and kept so that none else has it. Bytes come back.
        self._rows: dict[tuple[int, bool], tuple[Piece, list[Row]]] = {}
        self._plain: dict[bytes, bytes] = {}

    def take(self, chosen: AnchorSet) -> None:
        """Remember that a signature has these."""
        for anchor in chosen.anchors:
            start = anchor.values[:WINDOW]
            self._taken[start] = self._taken.get(start, 0) + 1

    def of_body(self, body: Body, stride: int, effort: Effort) -> AnchorSet | None:
        """Return anchors one of which occurs wherever a body matches, if it has any."""
        return all_of(
            [self._of_chain(chain, (stride, effort)) for chain in body.chains]
        )

    def at_once(self, body: Body, stride: int) -> AnchorSet | None:
        """Return anchors that nothing speaks against, if they are seen at a glance."""
        return all_of([self._at_a_glance(chain, stride) for chain in body.chains])

    def _at_a_glance(self, chain: Chain, stride: int) -> AnchorSet | None:
        for piece in chain.pieces:
            for element in piece:
                if isinstance(element, Bytes):
                    found = self._at_once(element, stride)
                    if found is not None:
                        return found
        return None

    def _of_chain(self, chain: Chain, how: How) -> AnchorSet | None:
        best = self._at_a_glance(chain, how[0])
        if best is not None:
            return best
        for piece in chain.pieces:
            best = best_of(best, self._of_piece(piece, how))
            if best is not None and best.rank >= GOOD:
                break
        return best

    def _of_piece(self, piece: Piece, how: How) -> AnchorSet | None:
        best = self._of_row(self._rows_of(piece, expand=False)[0], how)
        if has_choice(piece) and (best is None or best.rank < GOOD):
            rows = self._rows_of(piece, expand=True)
            best = best_of(best, all_of([self._of_row(row, how) for row in rows]))
        return best

    def _rows_of(self, piece: Piece, *, expand: bool) -> list[Row]:
        key = id(piece), expand
        if key not in self._rows:
            if len(self._rows) >= _MOST_KEPT:
                self._rows.clear()
            self._rows[key] = piece, rows_of(piece, expand=expand)
        return self._rows[key][1]

    def _at_once(self, element: Bytes, stride: int) -> AnchorSet | None:
        """Return the first window of plain bytes that nothing speaks against."""
        data, taken = element.data, self._taken
        wanted = _UNSEEN[: stride + WINDOW - GRAM]
        if len(data) < len(wanted) + GRAM - 1:
            return None
        rarities = self._rarities_of_plain(data)
        start = rarities.find(wanted, 0, _LOOKED_AT)
        while start >= 0:
            window = data[start : start + WINDOW]
            if window not in taken and window.count(0) <= 1:
                values = data[start : start + LONGEST]
                return AnchorSet(BEST, (Anchor(values, b"\xff" * len(values)),))
            start = rarities.find(wanted, start + 1, _LOOKED_AT)
        return None

    def _of_row(self, row: Row, how: How) -> AnchorSet | None:
        best: AnchorSet | None = None
        for run in row:
            best = best_of(best, self._of_run(run, how))
        return best

    def _of_run(self, run: Run, how: How) -> AnchorSet | None:
        stride, effort = how
        rarities = self._rarities_of(run, effort)
        best, start = -1, 0
        for at, (keys, whole) in enumerate(_windows(rarities, stride)):
            if (
                keys >= effort.key
                and whole >= effort.whole
                # No more than this is left once it is known what else has it.
                and 2 * whole + keys + WINDOW > best
            ):
                score = self._score(run, at, stride) + whole + keys
                if score + UNSEEN <= best:
                    continue  # no gram is rarer
                grams = rarities[at : at + stride + WINDOW - GRAM]
                score = max(score + sum(grams) // len(grams), 0)
                if score > best:
                    best, start = score, at
                    if best >= GOOD:
                        break
        if best < 0:
            return None
        cells = slice(start, start + LONGEST)
        return AnchorSet(best, (Anchor(run.values[cells], run.masks[cells]),))

    def _score(self, run: Run, at: int, stride: int) -> int:
        """Return what exact bytes add to a window, less what its fellows take."""
        masks = run.masks[at + stride - 1 : at + stride - 1 + WINDOW]
        window = run.values[at : at + WINDOW]
        score = masks.count(0xFF) - 2 * window.count(0)  # of wide text, or of no worth
        taken = self._taken.get(window)
        if taken is not None:
            score -= min(4 * taken.bit_length(), _MOST_TAKEN)
        return score

    def _rarities_of(self, run: Run, effort: Effort) -> bytes:
        """Return the rarity of four cells at each place, 0 if they are no key."""
        values, masks = run.values, run.masks
        if masks.count(0xFF) == len(masks):
            return self._rarities_of_plain(values)
        return bytes(
            [
                self._rarity(values[at : at + GRAM], masks[at : at + GRAM], effort)
                for at in _places(values)
            ]
        )

    def _rarities_of_plain(self, data: bytes) -> bytes:
        """Return likewise the rarity of four bytes."""
        known = self._plain.get(data)
        if known is None:
            if len(self._plain) >= _MOST_KEPT:
                self._plain.clear()
            grams = [data[at : at + GRAM] for at in _places(data)]
            known = bytes(map(self._rarities.get, grams, repeat(UNSEEN)))
            self._plain[data] = known
        return known

    def _rarity(self, values: bytes, masks: bytes, effort: Effort) -> int:
        """Return the rarity of four cells; 0 if they cannot be looked for."""
        rarities = self._rarities
        if masks == b"\xff\xff\xff\xff":
            return rarities.get(values, UNSEEN)
        if masks.count(0) > (effort.keys > _ANY_BYTE):
            return 0
        keys = keys_of(values, masks, effort.keys)
        if not keys:
            return 0
        return sum_of([rarities.get(key, UNSEEN) for key in keys])


def _places(values: bytes) -> range:
    return range(min(len(values) - GRAM + 1, _LOOKED_AT + WINDOW))


def _windows(rarities: bytes, stride: int) -> Iterator[tuple[int, int]]:
    """Yield two rarities for each place at which an anchor may begin.

    Of the keys at the places of a stride, that of the most common; and of the grams
    that lie in the window at each of them, that of the rarest.
    """
    rest = rarities + bytes(WINDOW)
    keys = [rarities[at : at + _LOOKED_AT] for at in range(stride)]
    held = [rest[at:] for at in range(stride - 1, WINDOW - GRAM + 1)]
    return zip(map(min, zip(*keys, strict=False)), map(max, *held), strict=False)


def keys_of(values: bytes, masks: bytes, most: int = WIDE.keys) -> list[bytes]:
    """Return the values of cells; none if they are more than so many."""
    count = 1
    for mask in masks:
        count <<= 8 - mask.bit_count()
    if count > most:
        return []
    cells = [_values(*cell) for cell in zip(values, masks, strict=True)]
    return [bytes(key) for key in product(*cells)]


@cache
def _values(value: int, mask: int) -> tuple[int, ...]:
    return tuple(byte for byte in range(256) if byte & mask == value)
