"""Squares of an icon that stand out: a quarter of its side wide.

The best one is taken, of equal ones the upper, then the left; then the best that does
not overlap it, and so on. A best one has to be above 0; where there is none, it is a
square of value 0 at 0, 0.
"""

from clearward.core.icon import Area

_NOWHERE = Area(0, 0, 0)


class Areas:
    """Means of a value over all squares.

    Args:
        values: of each point, row by row.
        side: points of a row.
    """

    def __init__(self, values: list[int], side: int) -> None:
        self._width = side // 4
        self._columns = side - self._width - 1  # clamscan leaves out the last one
        self._rows = side - self._width
        self._sums = self._summed(values, side)

    def most(self, count: int) -> list[Area]:
        """Return the squares with the highest values."""
        return self._best(count, -1)

    def least(self, count: int) -> list[Area]:
        """Return the squares with the lowest values."""
        return self._best(count, 1)

    def _best(self, count: int, sign: int) -> list[Area]:
        sums = [(sign * value, at) for at, value in enumerate(self._sums)]
        found: list[Area] = []
        for _ in range(count):
            left = [pair for pair in sums if self._is_free(pair[1], found)]
            value, at = min(left, default=(0, 0))
            if sign < 0 and value == 0:
                found.append(_NOWHERE)
                continue
            y, x = divmod(at, self._columns)
            found.append(Area(abs(value) // self._width**2, x, y))
        return found

    def _is_free(self, at: int, found: list[Area]) -> bool:
        y, x = divmod(at, self._columns)
        width = self._width
        return all(abs(x - one.x) >= width or abs(y - one.y) >= width for one in found)

    def _summed(self, values: list[int], side: int) -> list[int]:
        """Return the sums of all squares, row by row, from running sums."""
        table = [[0] * (side + 1)]
        for start in range(0, side * side, side):
            above, row, total = table[-1], [0], 0
            for x, value in enumerate(values[start : start + side]):
                total += value
                row.append(total + above[x + 1])
            table.append(row)
        width = self._width
        return [
            table[y + width][x + width]
            - table[y][x + width]
            - table[y + width][x]
            + table[y][x]
            for y in range(self._rows)
            for x in range(self._columns)
        ]
