"""What can be seen in one part, found out when it is asked for, and once."""

from clearward.core.sights import Look
from clearward.formats.pictures import grey


class Sighted:
    """Sees one part.

    Args:
        data: all of it.
        kind: its type, as ClamAV names it.
    """

    def __init__(self, data: bytes, kind: str) -> None:
        self._data = data
        self._kind = kind
        self._look: Look | None = None

    def look(self) -> Look:
        """Return what the part looks like, if it is a picture.

        Raises:
            NotLoaded: this process has not loaded Pillow.
        """
        if self._look is None:
            self._look = grey.look(self._data, self._kind)
        return self._look
