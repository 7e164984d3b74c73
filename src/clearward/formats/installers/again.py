"""Bound how often the same bytes of a container are handed out.

Tables that say where files are may say the same place for thousands of them. What
programs write does not overlap, or little.
"""

from clearward.formats.embedded.search import MOST_AGAIN


class Again:
    """Counts the bytes that a container handed out.

    Args:
        size: bytes in the container.
    """

    __slots__ = ("_left",)

    def __init__(self, size: int) -> None:
        self._left = MOST_AGAIN * size

    def more(self, size: int) -> bool:
        """Say whether so many bytes of it may be handed out once more."""
        self._left -= size
        return self._left >= 0
