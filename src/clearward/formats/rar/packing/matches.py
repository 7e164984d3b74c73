"""What the last matches were, which the next ones are often like."""

REMEMBERED = 4


class Matches:
    """The last matches.

    Attributes:
        recent: distances of the last four, the last one first; 0 where there was none.
        distance: of the last one, in bytes.
        length: of the last one, in bytes.
    """

    __slots__ = ("distance", "length", "recent")

    def __init__(self) -> None:
        self.recent = [0] * REMEMBERED
        self.distance = self.length = 0

    def add(self, distance: int, length: int) -> None:
        """Remember one more match."""
        self.recent = [distance, *self.recent[:-1]]
        self.distance = distance
        self.length = length
