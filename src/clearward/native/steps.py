"""A budget of steps, so that no rule and no part can keep a matcher busy for long."""


class OutOfSteps(Exception):
    """The budget ran out."""


class Steps:
    """Counts down.

    A step is an element tried at a place, a place of a piece tried within a gap, or a
    kilobyte searched for a key. The native matcher may count differently: the two agree
    where neither runs out.
    """

    __slots__ = ("left",)

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, count: int = 1) -> None:
        """Use some steps.

        Raises:
            OutOfSteps: there are not so many left.
        """
        self.left -= count
        if self.left < 0:
            raise OutOfSteps
