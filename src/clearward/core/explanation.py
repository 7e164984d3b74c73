"""The wide answer of `--explain`: where rules matched and what was left unread."""

from dataclasses import dataclass, field

from clearward.core.reasons import Reason

MAX_MATCHES = 64  # match records of a wide answer
MAX_PLACES = 256  # path elements of a wide answer
MAX_NAME = 255  # bytes of a path element


@dataclass(frozen=True, slots=True)
class Place:
    """A step on the way from the file to a part.

    Attributes:
        parent: index of the place it lies in; its own index for the file itself.
        name: the name stored in the container, cut to `MAX_NAME` bytes.
    """

    parent: int
    name: bytes


@dataclass(frozen=True, slots=True)
class Match:
    """Where a rule matched.

    Attributes:
        rule: number of the rule.
        place: index into `Explanation.places`.
        offset: bytes from the start of the part.
        length: bytes matched; 0 if the rule has no string to show.
        string: number of the string in the rule; 0xFFFF if there is none.
    """

    rule: int
    place: int
    offset: int
    length: int
    string: int


@dataclass(slots=True)
class Explanation:
    """The wide answer: matches, and what was left unread, with the way to each."""

    places: list[Place] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    unread: list[tuple[int, Reason]] = field(default_factory=list)
