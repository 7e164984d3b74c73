"""What can be seen in a part: the looks of a picture, and of the icons of a program.

Signatures ask for it, and rarely, so it is found out when it is asked for. The readers
of formats give it, the engine hands it on, the rules compare it.
"""

from dataclasses import dataclass
from typing import Protocol

from clearward.core.icon import Icon
from clearward.core.reasons import NONE, Reason


@dataclass(frozen=True, slots=True)
class Look:
    """What a part looks like as a picture.

    Attributes:
        hash: 8 bytes, see `formats.pictures.perceptual`; None if it is no picture, or
            cannot be decoded.
        reasons: why it is not known.
    """

    hash: bytes | None = None
    reasons: Reason = NONE


NO_LOOK = Look()


@dataclass(frozen=True, slots=True)
class Icons:
    """What the icons of a program look like.

    Attributes:
        icons: those that can be compared.
        reasons: why there may be more.
    """

    icons: tuple[Icon, ...] = ()
    reasons: Reason = NONE


NO_ICONS = Icons()


class Sights(Protocol):
    """What can be seen in one part."""

    def look(self) -> Look:
        """Return what the part looks like, if it is a picture."""

    def icons(self) -> Icons:
        """Return what its icons look like, if it is a program."""


class Blind:
    """Sees nothing: for parts that are neither pictures nor programs."""

    def look(self) -> Look:
        """Return that it is no picture."""
        return NO_LOOK

    def icons(self) -> Icons:
        """Return that it has no icons."""
        return NO_ICONS


BLIND = Blind()


class TooLarge:
    """Sees nothing of a picture or program too large to be held, and says so."""

    def look(self) -> Look:
        """Return that it is not known."""
        return Look(reasons=Reason.MEMORY_LIMIT)

    def icons(self) -> Icons:
        """Return that they are not known."""
        return Icons(reasons=Reason.MEMORY_LIMIT)


TOO_LARGE = TooLarge()
