"""Bodies: chains of pieces with gaps, and what counts as a match of one.

A chain matches at a place of its *last* piece if there are matches of all its pieces in
order such that the first begins where the body may begin (`places`), and each later one
begins no nearer to the *end* of the one before than its least gap, and no farther than
its most. Pieces never overlap.

The matches of a body are the different places of last pieces, of all chains together;
the count is their number. A match also has a start: where the first piece of it begins;
if there are several, the first of these. The *last match* is the one with the highest
place (of several chains, the one with the lowest start): byte compares and macros count
from its start. (clamscan 1.4.6: `tests/native`; it keeps only few matches of an early
piece and may count fewer.)
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.facts import Facts
from clearward.native.layout import UNBOUNDED
from clearward.native.paged import Data
from clearward.native.pieces import Piece, ends, read_piece
from clearward.native.places import Place, read_place, starts
from clearward.native.span import SHORT_PADDED, Span
from clearward.native.steps import Steps

SEARCHED = 1024  # bytes a step when a key is searched


@dataclass(frozen=True, slots=True)
class Body:
    """A body as the image says it."""

    place: Place
    chains: tuple[tuple[Piece, ...], ...]


Matches = dict[int, int]  # place of the last piece -> start of the first


def read_body(span: Span) -> Body:
    """Read the payload of a body.

    Raises:
        BadImage: it breaks the layout.
    """
    place = read_place(span)
    count, rest = span.fields(SHORT_PADDED)
    span.check(count and rest == 0, "number of chains")
    chains = tuple(_chain(span) for _ in range(count))
    span.done()
    return Body(place, chains)


def _chain(span: Span) -> tuple[Piece, ...]:
    count, rest = span.fields(SHORT_PADDED)
    span.check(count and rest == 0, "number of pieces")
    return tuple(read_piece(span, first=number == 0) for number in range(count))


def find(body: Body, data: Data, facts: Facts, steps: Steps) -> Matches:
    """Return all matches of a body.

    Raises:
        OutOfSteps: the budget ran out.
    """
    allowed = starts(body.place, facts, len(data))
    found: Matches = {}
    for chain in body.chains:
        for place, start in _find_chain(chain, data, allowed, steps).items():
            found[place] = min(start, found.get(place, start))
    return found


def _find_chain(
    chain: tuple[Piece, ...], data: Data, allowed: list[tuple[int, int]], steps: Steps
) -> Matches:
    """Return the matches of a chain: reach forward, one piece after the other."""
    reached: dict[int, int] = {}  # end of a piece -> the first start that leads there
    found: Matches = {}
    for number, piece in enumerate(chain):
        found, before, reached = {}, reached, {}
        origins = _Origins(before, piece.gap)
        if number:
            allowed = _ranges(sorted(before), piece.gap, len(data))
        for low, high in allowed:
            for place in _places(piece, data, low, high, steps):
                if stops := ends(piece, data, place, steps):
                    start = origins.of(place) if number else place
                    found[place] = start
                    for stop in stops:
                        reached[stop] = min(start, reached.get(stop, start))
    return found


def _ranges(stops: list[int], gap: tuple[int, int], size: int) -> list[tuple[int, int]]:
    """Return where the next piece may begin, after pieces that end at `stops`."""
    least, most = gap
    found: list[tuple[int, int]] = []
    for stop in stops:
        low = stop + least
        high = size if most == UNBOUNDED else min(stop + most, size)
        if low > high:
            continue
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    return found


class _Origins:
    """The first start that leads to a place behind a gap; ask ascending places."""

    def __init__(self, reached: dict[int, int], gap: tuple[int, int]) -> None:
        self._stops = sorted(reached)
        self._reached = reached
        self._least, self._most = gap
        self._window: list[int] = []  # stops whose starts ascend; from _head on
        self._head = 0
        self._next = 0

    def of(self, place: int) -> int:
        """Return it; there is one, for the place lies in one of the ranges."""
        upto = bisect_right(self._stops, place - self._least)
        for stop in self._stops[self._next : upto]:
            start = self._reached[stop]
            while (
                len(self._window) > self._head
                and self._reached[self._window[-1]] >= start
            ):
                self._window.pop()
            self._window.append(stop)
        self._next = max(self._next, upto)
        if self._most != UNBOUNDED:
            while self._window[self._head] < place - self._most:
                self._head += 1
        return self._reached[self._window[self._head]]


def _places(
    piece: Piece, data: Data, low: int, high: int, steps: Steps
) -> Iterator[int]:
    """Yield places from low to high where a piece may match, ascending."""
    high = min(high, len(data) - piece.takes[0])
    if not piece.key:
        for place in range(low, high + 1):
            steps.take()
            yield place
        return
    at = low + piece.distance
    last = high + piece.distance + len(piece.key)
    while (hit := data.find(piece.key, at, last)) >= 0:
        steps.take(1 + (hit - at) // SEARCHED)
        yield hit - piece.distance
        at = hit + 1
    steps.take(max(last - at, 0) // SEARCHED)
