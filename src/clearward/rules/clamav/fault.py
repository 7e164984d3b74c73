"""What a line can be other than a signature: wrong, or left out on purpose."""

from dataclasses import dataclass
from enum import Enum


class Why(Enum):
    """Why something is left out that is not wrong."""

    LEVEL = "functionality level"
    TARGET = "unknown target"
    WORD = "unknown word in a target description"
    TYPE = "unknown file type"
    UNWANTED = "potentially unwanted, and not asked for"
    IGNORED = "named by an ignore list"
    UNSUPPORTED = "kind that is not supported"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is left out.

    Attributes:
        source: number of the source.
        kind: ending of the file that it stood in.
        why: the reason.
        line: counted from 1; 0 if it is the whole file.
        count: signatures that are left out; lines, if it is the whole file.
    """

    source: int
    kind: str
    why: Why
    line: int = 0
    count: int = 1


class Wrong(ValueError):
    """A line, or a part of it, that cannot be read.

    Attributes:
        field: its number in the line, counted from 1; 0 if unknown.
    """

    def __init__(self, message: str, field: int = 0) -> None:
        super().__init__(message)
        self.field = field


class LeftOut(Exception):
    """A line that is right, and not meant for this program.

    Attributes:
        why: the reason.
    """

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
