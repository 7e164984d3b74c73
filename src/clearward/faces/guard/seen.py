"""What guard tells: values without a word about how they are shown."""

from dataclasses import dataclass
from enum import StrEnum

from clearward.core.exclusion import Excluded
from clearward.core.names import RuleName
from clearward.core.reasons import NONE, Reason
from clearward.core.verdict import Outcome
from clearward.jail import fanotify


class What(StrEnum):
    """What was done to a file."""

    OPEN = "open"
    EXEC = "exec"
    WRITE = "write"
    FIRST = "first"  # it lay there when the guard began

    @classmethod
    def of(cls, mask: int) -> "What":
        """Name the kind of an event."""
        if mask & fanotify.CLOSE_WRITE:
            return cls.WRITE
        if mask & (fanotify.OPEN_EXEC_PERM | fanotify.OPEN_EXEC):
            return cls.EXEC
        return cls.OPEN


class Side(StrEnum):
    """What whoever waited was told."""

    ALLOW = "allow"
    DENY = "deny"
    NONE = "none"  # nobody waited, or not any more


@dataclass(frozen=True, slots=True)
class Access:
    """Who did what to which file.

    Attributes:
        path: of the file, raw.
        what: was done.
        process: number of who did it; 0 if it is of another process namespace.
        program: path of its program, raw; empty if it has ended.
        user: number of its user; -1 if it has ended.
    """

    path: bytes
    what: What
    process: int
    program: bytes
    user: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Something about a file that is worth telling.

    Attributes:
        access: who did what.
        outcome: clean, found or unscanned.
        side: what was answered.
        rules: that matched.
        reasons: why something was not looked at.
        size: bytes of the file.
        seconds: from the event's arrival to the answer.
        excluded: what matched and is left out, since the user has excluded it.
    """

    access: Access
    outcome: Outcome
    side: Side
    rules: tuple[RuleName, ...] = ()
    reasons: Reason = NONE
    size: int = 0
    seconds: float = 0.0
    excluded: tuple[Excluded, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about guard itself that is worth telling.

    Attributes:
        word: one of a few, such as ``"overflow"``.
        said: the same in a sentence.
    """

    word: str
    said: str
