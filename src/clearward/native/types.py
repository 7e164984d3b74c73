"""The types of files that an image names, and their numbers in it."""

from dataclasses import dataclass

from clearward.native.layout import OTHER_TYPE
from clearward.native.span import Span

MOST_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Types:
    """Types by name.

    Attributes:
        names: in order; the number of a type is its place here, counted from 1.
    """

    names: tuple[str, ...]
    _numbers: dict[str, int]

    def number(self, name: str) -> int:
        """Return the number of a type: OTHER_TYPE if not listed, 0 for no name."""
        return self._numbers.get(name, OTHER_TYPE) if name else 0


def read_types(data: memoryview, count: int) -> Types:
    """Read the list of types.

    Raises:
        BadImage: it breaks the layout.
    """
    span = Span(data, "the list of types")
    span.check(count < OTHER_TYPE, "count")
    *lines, rest = bytes(data).split(b"\n")
    span.check(rest == b"" and len(lines) == count, "count")
    for line in lines:
        span.check(0 < len(line) <= MOST_LENGTH and line.isascii(), "name")
    names = tuple(line.decode("ascii") for line in lines)
    numbers = {name: number for number, name in enumerate(names, 1)}
    span.check(len(numbers) == count, "name")
    return Types(names, numbers)
