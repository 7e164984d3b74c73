"""What a scan may say about a file, and nothing more."""

from dataclasses import dataclass, field
from enum import Enum

from clearward.core.reasons import NONE, OUTSIDE, Reason

MAX_RULES = 1024


class Outcome(Enum):
    """The three answers. A scan that could not finish is never clean."""

    CLEAN = "clean"
    FOUND = "found"
    UNSCANNED = "unscanned"


def outcome_of(rules: tuple[int, ...], reasons: int) -> Outcome:
    """Say what matches and reasons amount to: a match wins over a gap."""
    if rules:
        return Outcome.FOUND
    return Outcome.UNSCANNED if reasons else Outcome.CLEAN


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one file.

    It is small and of fixed vocabulary, so that a parser taken over by a hostile file
    has no room to smuggle the file's content out of the jail.

    Attributes:
        rules: numbers of the rules that matched, counted from 0 in the name table.
        reasons: why something was not looked at.
        parts: files and members looked at, the file itself included; 0 if it was
            never opened.
        depth: the deepest nesting reached; 0 is the file itself.
        rules_cut: more rules matched than `MAX_RULES`.
        outcome: what rules and reasons amount to.

    Raises:
        ValueError: more rules than `MAX_RULES`, or a reason that does not exist.
    """

    rules: tuple[int, ...] = ()
    reasons: Reason = NONE
    parts: int = 1
    depth: int = 0
    rules_cut: bool = False
    # Kept, since it is asked for several times a file and most files share a verdict.
    outcome: Outcome = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.rules) > MAX_RULES:
            raise ValueError(f"{len(self.rules)} rules, at most {MAX_RULES}")
        if self.reasons is not NONE and int(self.reasons) & OUTSIDE:
            raise ValueError("a reason outside the vocabulary")
        object.__setattr__(self, "outcome", outcome_of(self.rules, self.reasons))


def never_opened(reason: Reason) -> Verdict:
    """The verdict for a file that no worker ever saw."""
    return Verdict(reasons=reason, parts=0)
