"""What this room can say besides the kinds that every room knows."""

from clearward.core.errors import Unavailable


class Damaged(Unavailable):
    """An entry or a key was cut, changed, or sealed with another key."""


class Stuck(Unavailable):
    """A file could not be given its name back; its entry stays, to be settled later."""
