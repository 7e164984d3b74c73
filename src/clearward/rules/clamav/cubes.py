"""Sets of bytes, as rows of values and masks."""

from clearward.rules.clamav.model import Bytes, Choice, Element, Masked

_ALL = 0xFF


def one_of(wanted: frozenset[int], *, negated: bool = False) -> Choice:
    """Return what takes one byte that is in a set (negated: that is not)."""
    return Choice(tuple((_row(*cube),) for cube in cubes(wanted)), negated)


def cubes(wanted: frozenset[int]) -> list[tuple[int, int]]:
    """Split a set of bytes into few parts, each a value and the mask that finds it."""
    found: list[tuple[int, int]] = []
    value = 0
    while value <= _ALL:
        size = 1
        if value in wanted:
            while (
                value % (2 * size) == 0
                and value + 2 * size - 1 <= _ALL
                and wanted.issuperset(range(value, value + 2 * size))
            ):
                size *= 2
            found.append((value, _ALL & ~(size - 1)))
        value += size
    return found


def _row(value: int, mask: int) -> Element:
    data = bytes([value])
    return Bytes(data) if mask == _ALL else Masked(data, bytes([mask]))
