"""How much work one match may be."""

from clearward.core.errors import LimitReached
from clearward.core.reasons import Reason

MOST_STEPS = 1_000_000  # a second or two


class Budget:
    """Steps that are left.

    Args:
        steps: that may be made; each is about a microsecond.
    """

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps.

        Raises:
            LimitReached: there are not so many left; nothing is said of a match.
        """
        self._left -= steps
        if self._left < 0:
            raise LimitReached(Reason.TIME_LIMIT)
