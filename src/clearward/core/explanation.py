"""The wide answer of `--explain`: where rules matched, what was not looked at."""

from dataclasses import dataclass, field

from clearward.core.kinds import Kind
from clearward.core.reasons import Reason

MAX_MATCHES = 64  # match records of a wide answer
MAX_PLACES = 256  # path elements of a wide answer
MAX_NAME = 255  # bytes of a path element
MAX_TYPES = 128  # parts whose kind is told; places behind it are kept for the rest
MAX_ASKED = 64  # addresses of a wide answer


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


@dataclass(frozen=True, slots=True)
class Typed:
    """What a part is.

    Attributes:
        place: index into `Explanation.places`.
        kind: with the evidence for it.
    """

    place: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """A resource outside that a part asks its reader to fetch. It never is.

    Attributes:
        place: index into `Explanation.places`.
        target: as the part says it, cut to `MAX_NAME` bytes.
    """

    place: int
    target: bytes


@dataclass(slots=True)
class Explanation:
    """The wide answer, with the way to each thing that is said.

    Attributes:
        places: steps on the ways.
        matches: where rules matched.
        unread: what was not looked at, and why.
        types: what the parts are.
        asked: what they ask the network for.
    """

    places: list[Place] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    unread: list[tuple[int, Reason]] = field(default_factory=list)
    types: list[Typed] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
