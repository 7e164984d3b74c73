"""What can be seen in one part, found out when it is asked for, and once."""

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.sights import NO_ICONS, Icons, Look
from clearward.formats.pictures import grey
from clearward.formats.programs import icons, pe

PROGRAM = "CL_TYPE_MSEXE"


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
        self._icons: Icons | None = None

    def look(self) -> Look:
        """Return what the part looks like, if it is a picture.

        Raises:
            NotLoaded: this process has not loaded Pillow.
        """
        if self._look is None:
            self._look = grey.look(self._data, self._kind)
        return self._look

    def icons(self) -> Icons:
        """Return what its icons look like, if it is a program."""
        if self._icons is None:
            self._icons = NO_ICONS
            if self._kind == PROGRAM:
                self._icons = self._of_program()
        return self._icons

    def _of_program(self) -> Icons:
        reader = Reader.of(self._data)
        try:
            return icons.icons(pe.read(reader), reader)
        except Malformed:
            return NO_ICONS
