"""What every way of packing of ACE 2 has: a mark, behind which another may begin."""


class Marked:
    """A stream that may come to a mark."""

    _marked = False

    def at_mode(self) -> bool:
        """Say whether a mode follows; once."""
        marked, self._marked = self._marked, False
        return marked
