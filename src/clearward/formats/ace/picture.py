"""The pictures of ACE 2: rows of points, each foretold from its neighbours.

    width (12 low bits), planes (2 low bits), then rows:
    1 bit           0: a mode follows
    2 bits          of each plane but the first: what it is foretold with
    differences     of each point of the plane, the sign in the low bit

The points of a plane stand as many bytes apart as there are planes. Neighbours are
named so; X is what comes:

    C A D
    B X

How they differ chooses one of 365 sets of statistics, which say how many low bits a
difference has, and which of four ways to foretell did best.

Source: acefile by D. Roethlisberger, which describes the format.
"""

from bisect import bisect_right

from clearward.core.limits import MIB
from clearward.formats.ace.bits import WordBits
from clearward.formats.ace.marks import Marked

WIDTH_BITS, PLANE_BITS = 12, 2
WIDEST = 1 * MIB
CONTEXTS = 365
# Where the class of a difference changes, from -4 to 4.
STEPS = (-20, -6, -2, 0, 1, 3, 7, 21)
CLASSES = tuple(bisect_right(STEPS, step) - 4 for step in range(-255, 256))
GREY = 128
OFTEN = 128  # uses of a set until it counts half
MUCH = 127


class _Statistics:
    """One of the sets."""

    __slots__ = ("errors", "total", "used", "way")

    def __init__(self) -> None:
        self.used = 0
        self.total = 4  # of differences
        self.way = 0
        self.errors = [0, 0, 0, 0]

    def learn(self, point: int, ways: tuple[int, ...], difference: int) -> None:
        """Take in what a point was, what it would have been, and what was written."""
        self.total += abs(difference)
        if self.used == OFTEN:
            self.used >>= 1
            self.total >>= 1
        errors = self.errors
        for which, way in enumerate(ways):
            step = (point - way + GREY & 255) - GREY
            errors[which] += (2 * step if step >= 0 else -2 * step - 1).bit_length()
        self.way = errors.index(min(errors))
        if max(errors) > MUCH:
            self.errors = [error >> 1 for error in errors]


class Picture(Marked):
    """Rows of points up to the next mode.

    Args:
        bits: where the stream is, its width first.

    Raises:
        Malformed: no picture is so wide.
    """

    def __init__(self, bits: WordBits) -> None:
        self._bits = bits
        self._width = bits.rice(WIDTH_BITS)
        self._planes = bits.rice(PLANE_BITS)
        if not 0 < self._width <= WIDEST or not 0 < self._planes <= WIDEST:
            raise bits.bad("width of a picture")
        self._first = [_Statistics() for _ in range(CONTEXTS)]
        self._others = [_Statistics() for _ in range(CONTEXTS)]
        self._above = [0] * (self._width + self._planes)
        self._unread = b""

    def begin(self) -> None:
        """Go on behind a mode."""

    def read(self, most: int) -> bytes:
        """Return points of a row, or none before a mode.

        Raises:
            Malformed: the stream is damaged.
        """
        if not self._unread:
            if not self._bits.take(1):
                self._marked = True
                return b""
            self._unread = self._row()
        data, self._unread = self._unread[:most], self._unread[most:]
        return data

    def rest(self) -> bytes:
        """Return nothing: a row is given when it is whole."""
        return b""

    def _row(self) -> bytes:
        row = [0] * (self._width + self._planes)
        for plane in range(self._planes):
            kind = self._bits.take(2) if plane else 0
            if kind > 2:  # noqa: PLR2004 - there are three
                raise self._bits.bad("kind of plane")
            self._plane(row, plane, kind)
        self._above = row
        return bytes(row[: self._width])

    def _plane(self, row: list[int], plane: int, kind: int) -> None:
        """Fill in the points of a plane.

        Args:
            row: where to.
            plane: its number.
            kind: 0 for its points themselves; 1 for what they are more than those of
                the plane before, around `GREY`; 2 for what they are more than 11
                sixteenths of these.
        """
        above, planes = self._above, self._planes
        sets = self._others if plane else self._first
        start = GREY if kind else 0
        corner, left = start, start
        over = _lowered(above[plane], above[plane - 1], kind)
        for place in range(plane, self._width, planes):
            ahead = place + planes
            right = _lowered(above[ahead], above[ahead - 1], kind)
            which = (
                81 * CLASSES[255 + right - over]
                + 9 * CLASSES[255 + over - corner]
                + CLASSES[255 + corner - left]
            )
            left = self._point(sets[abs(which)], over, left, corner)
            before = row[place - 1]
            if kind:
                scaled = before if kind == 1 else before * 11 >> 4
                row[place] = left + scaled - GREY & 255
            else:
                row[place] = left
            corner, over = over, right

    def _point(self, known: _Statistics, over: int, left: int, corner: int) -> int:
        known.used += 1
        number = self._bits.rice((known.total // known.used).bit_length())
        difference = -(number >> 1) - 1 if number & 1 else number >> 1
        ways = (over, left, over + left >> 1, over + left - corner & 255)
        point = ways[known.way] + difference & 255
        known.learn(point, ways, difference)
        return point


def _lowered(point: int, before: int, kind: int) -> int:
    """Return a point less what the plane before foretells of it."""
    if not kind:
        return point
    return GREY + point - (before if kind == 1 else before * 11 >> 4) & 255
