"""Who may see what: the one place that decides it.

Everything that is stored stands under a `Label`; whoever asks is a `Reader`. A reader
sees what stands under a label only if he holds every marking of it. Stores turn this
into a part of every query, so no face can forget it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from clearward.intel.tlp import Tlp, level_of

NOBODY = 0  # the organisation of what belongs to none


@dataclass(frozen=True, slots=True)
class Label:
    """What everything of one kind of visibility has in common.

    Attributes:
        organisation: whose it is; `NOBODY` if it came without.
        markings: ids of all markings on it or on any part of it.
        groups: of organisations that it is for; for all if there is none.
    """

    organisation: int
    markings: frozenset[str] = frozenset()
    groups: frozenset[int] = frozenset()

    @property
    def tlp(self) -> Tlp:
        """The narrowest level on it; CLEAR if there is none."""
        levels = (level_of(marking) for marking in self.markings)
        return max((one for one in levels if one is not None), default=Tlp.CLEAR)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks.

    Attributes:
        organisation: his.
        tlp: the narrowest level that he may see.
        markings: ids of the others that he holds.
        groups: of organisations that his is in.
    """

    organisation: int
    tlp: Tlp = Tlp.CLEAR
    markings: frozenset[str] = frozenset()
    groups: frozenset[int] = frozenset()


def may_see(reader: Reader, label: Label, known: Collection[str]) -> bool:
    """Say whether a reader sees what stands under a label.

    Args:
        reader: who asks.
        label: what it stands under.
        known: ids of the markings that are defined here. One that is not known says
            nothing of who may see it, so only its own organisation does.
    """
    own = reader.organisation == label.organisation != NOBODY
    if label.groups and not own and not label.groups & reader.groups:
        return False
    return all(_holds(reader, one, known, own=own) for one in label.markings)


def _holds(reader: Reader, marking: str, known: Collection[str], *, own: bool) -> bool:
    level = level_of(marking)
    if level is not None:
        return level <= reader.tlp
    return marking in reader.markings or (own and marking not in known)
