"""A case that is being made, and what files of all makers hold."""

from dataclasses import dataclass, field

from cases import Content

FILLER = bytes(range(0x7F, 0x100)) + bytes(range(9)) + bytes(range(14, 32))
SIGNATURES = 8  # a database


@dataclass(slots=True)
class Draft:
    """A case that is being made.

    Attributes:
        kind: ending of the database.
        lines: signatures, each good or bad.
        files: contents of the inputs.
        others: databases beside it.
    """

    kind: str
    lines: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    others: list[Content] = field(default_factory=list)
