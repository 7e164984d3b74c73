"""Lists of the image that rules evaluate outside of the matcher, as they are written.

What stands in a row is said where it is read: `rules.members` and its neighbours.
"""

from clearward.native.layout import Listing
from clearward.rules import icons, links, members
from clearward.rules.clamav.listed import Icon, Link, Magic, MemberSignature
from clearward.rules.image import magic_rows
from clearward.rules.image.unusable import Unusable
from clearward.rules.listing import MOST_BYTES, write_rows

_PER_ROW = 256  # bytes of a row besides its texts, at most


class Lists:
    """Rows of every list, as they come."""

    def __init__(self) -> None:
        self._rows: dict[Listing, list[list[object]]] = {}
        self._room = MOST_BYTES

    def add_member(self, rule: int, signature: MemberSignature) -> None:
        """Take a signature about members, whose rule has this number.

        Raises:
            Unusable: there is no room for it, as in all that follow.
        """
        self._spend(signature.pattern or "")
        self._add(Listing.MEMBERS, members.row_of(rule, signature))

    def add_link(self, rule: int, link: Link) -> None:
        """Take a line of a phishing list.

        Args:
            rule: number of the first of the rules `LINKS`.
            link: the line.
        """
        self._spend(link.real or "", link.shown)
        self._add(Listing.LINKS, links.row_of(rule, link))

    def add_icon(self, icon: Icon) -> None:
        """Take what an icon looks like."""
        self._spend(icon.group1, icon.group2, icon.hash)
        self._add(Listing.ICONS, icons.row_of(icon))

    def add_magic(self, magic: Magic) -> None:
        """Take what a type is known by."""
        try:
            row = magic_rows.row_of(magic)
        except ValueError as error:
            raise Unusable(str(error)) from error
        if row is None:
            raise Unusable("magics that tell no type of a part")
        self._spend(str(row[2]))
        self._add(Listing.MAGICS, row)

    def encode(self) -> list[tuple[Listing, bytes]]:
        """Return the sections, ascending."""
        return [(which, write_rows(rows)) for which, rows in sorted(self._rows.items())]

    def _add(self, which: Listing, row: list[object]) -> None:
        self._rows.setdefault(which, []).append(row)

    def _spend(self, *texts: str) -> None:
        # A character takes up to six bytes of JSON.
        self._room -= _PER_ROW + 6 * sum(map(len, texts))
        if self._room < 0:
            raise Unusable("lists that are too long")
