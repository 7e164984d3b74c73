"""What lists of ClamAV say: digests, members, icons, types, links, what to ignore.

Source: docs.clamav.net, "Signatures".
"""

from dataclasses import dataclass
from enum import Enum

from clearward.rules.clamav.model import Body

# What a link that breaks phishing lists is called, whatever line of them it is.
LINKS = (
    "Heuristics.Phishing.Email.SpoofedDomain",
    "Heuristics.Phishing.Email.SSL-Spoof",
    "Heuristics.Phishing.Email.Cloaked.Null",
)


class Of(Enum):
    """What a digest is made of."""

    FILE = "file"
    SECTION = "section"
    IMPORTS = "imports"


@dataclass(frozen=True, slots=True)
class DigestSignature:
    """One line of a digest list.

    Attributes:
        name: as in the database.
        digest: 16, 20 or 32 bytes.
        size: bytes of what it is of; None if any.
        of: what it is of.
        allows: a match means that the part, and all inside it, is trusted.
        unwanted: as in `Signature`.
        line: likewise.
    """

    name: str
    digest: bytes
    size: int | None
    of: Of = Of.FILE
    allows: bool = False
    unwanted: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class MemberSignature:
    """What a container says about a member (.cdb); None is "any".

    Attributes:
        container: ClamAV type of the container.
        container_size, packed, size, position, checksum: least and most.
        pattern: a regular expression over the name of the member.
        encrypted: as the container says it.
    """

    name: str
    container: str | None
    container_size: tuple[int, int] | None
    pattern: str | None
    packed: tuple[int, int] | None
    size: tuple[int, int] | None
    encrypted: bool | None
    position: tuple[int, int] | None
    checksum: int | None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Icon:
    """A picture of a program (.idb), known by its looks.

    Attributes:
        group1, group2: what signatures ask for.
        hash: as it was written.
    """

    name: str
    group1: str
    group2: str
    hash: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Magic:
    """What a file type is known by (.ftm).

    Attributes:
        offset: of the magic; None if anywhere.
        body: of the magic.
        given: the type the part had so far; ``"CL_TYPE_ANY"`` for every one.
        becomes: the type that it is.
        carved: the magic may stand in the middle, and what begins there is the part.
        plain: it is bytes at a place, and the type that was given does not matter.
        partition: it is of a table of partitions, not of a part.
    """

    name: str
    offset: int | None
    body: Body
    given: str
    becomes: str
    carved: bool = False
    line: int = 0
    plain: bool = False
    partition: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A line of a phishing list (.pdb protects, .wdb allows).

    Attributes:
        allows: a .wdb line.
        regex: the parts are regular expressions.
        real: where the link leads, or None.
        shown: what it shows.
        flags: of the line.
    """

    allows: bool
    regex: bool
    real: str | None
    shown: str
    flags: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ignored:
    """A signature that is left out (.ign, .ign2): its name, and the MD5 of its line."""

    name: str
    digest: bytes | None = None
    line: int = 0
