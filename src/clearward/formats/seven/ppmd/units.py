"""The memory in which a PPMd model grows.

When it is full the model starts anew, and the archiver's did so at the same byte: so
memory is handed out here exactly as it is there, hole by hole. It is divided into units
of 12 bytes. The text that was decoded grows from the low end, contexts come down from
the high end, tables of states go up from the middle, and what is given back is kept in
lists by size. Places are offsets into `heap`; 0 is none.

Source: PPMd variant H by Dmitry Shkarin, as the LZMA SDK has it; both are in the public
domain.
"""

from itertools import accumulate

UNIT = 12
# Sizes in units for which there is a list: 1 to 4, then in steps of 2, 3 and 4.
SIZES = tuple(accumulate((1,) * 4 + (2,) * 4 + (3,) * 4 + (4,) * 26))
LARGEST = SIZES[-1]
# The list for each number of units.
LIST_OF = (
    0,
    *(next(n for n, size in enumerate(SIZES) if size >= k) for k in range(1, 129)),
)
MOST_GLUED = 0x10000  # units of a hole, at most
GLUE_PAUSE = 255  # failures to find a hole until holes are glued again


class Units:
    """Memory for one model.

    Args:
        size: bytes, at least 2,048.

    Attributes:
        heap: the bytes.
        text: where the next byte of text goes.
    """

    __slots__ = (
        "_high",
        "_low",
        "_pause",
        "_size",
        "_start",
        "_units",
        "free",
        "heap",
        "text",
    )

    def __init__(self, size: int) -> None:
        self._start = 4 - (size & 3)
        self._size = size
        self.heap = bytearray(self._start + size + UNIT)
        self.reset()

    def reset(self) -> None:
        """Give everything back."""
        self.free: list[list[int]] = [[] for _ in SIZES]
        self.text = self._start
        self._high = self._start + self._size
        self._low = self._units = self._high - self._size // 8 // UNIT * 7 * UNIT
        self._pause = 0

    def is_full(self) -> bool:
        """Say whether the text has reached the units."""
        return self.text >= self._units

    def context(self) -> int:
        """The place of one unit for a context, 0 if there is none."""
        if self._high != self._low:
            self._high -= UNIT
            return self._high
        return self.free[0].pop() if self.free[0] else self._rare(0)

    def table(self, which: int) -> int:
        """The place of `SIZES[which]` units, 0 if there are none."""
        if self.free[which]:
            return self.free[which].pop()
        size = SIZES[which] * UNIT
        if size <= self._high - self._low:
            self._low += size
            return self._low - size
        return self._rare(which)

    def shrink(self, place: int, old: int, new: int) -> int:
        """Where a table of `old` units is that needs only `new` now."""
        before, behind = LIST_OF[old], LIST_OF[new]
        if before == behind:
            return place
        if not self.free[behind]:
            self._split(place, before, behind)
            return place
        moved = self.free[behind].pop()
        size = new * UNIT
        self.heap[moved : moved + size] = self.heap[place : place + size]
        self.free[before].append(place)
        return moved

    def _rare(self, which: int) -> int:
        if self._pause == 0:
            self._glue()
            if self.free[which]:
                return self.free[which].pop()
        for larger in range(which + 1, len(SIZES)):
            if self.free[larger]:
                place = self.free[larger].pop()
                self._split(place, larger, which)
                return place
        self._pause -= 1
        size = SIZES[which] * UNIT
        if self._units - self.text <= size:
            return 0
        self._units -= size
        return self._units

    def _split(self, place: int, old: int, new: int) -> None:
        """Give back what a hole has more than is needed."""
        self._give(place + SIZES[new] * UNIT, SIZES[old] - SIZES[new])

    def _give(self, place: int, units: int) -> None:
        which = LIST_OF[units]
        if SIZES[which] != units:
            which -= 1
            kept = SIZES[which]
            self.free[units - kept - 1].append(place + kept * UNIT)
        self.free[which].append(place)

    def _glue(self) -> None:
        """Join holes that touch each other."""
        self._pause = GLUE_PAUSE
        holes = {
            place: size
            for places, size in zip(self.free, SIZES, strict=True)
            for place in reversed(places)
        }
        self.free = [[] for _ in SIZES]
        order = list(reversed(holes))
        for place in order:
            units = holes.get(place, 0)
            while units:
                behind = place + units * UNIT
                more = holes.get(behind, MOST_GLUED)
                if units + more >= MOST_GLUED:
                    break
                del holes[behind]
                units += more
                holes[place] = units
        for place in order:
            self._give_all(place, holes.get(place, 0))

    def _give_all(self, place: int, units: int) -> None:
        while units > LARGEST:
            self.free[-1].append(place)
            place += LARGEST * UNIT
            units -= LARGEST
        if units:
            self._give(place, units)
