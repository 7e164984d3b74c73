"""What is said of one object that a server was asked about."""

from dataclasses import dataclass

from clearward.core.exclusion import Excluded
from clearward.core.names import RuleName
from clearward.core.reasons import NONE, Reason
from clearward.core.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the names of the rules.

    Attributes:
        outcome: clean, found or unscanned.
        rules: that matched; the first one alone unless every one was asked for.
        reasons: why something was not looked at.
        size: bytes of the object.
        parts: that were looked at in it, itself included.
        seconds: between the moment it was handed in and now.
        cached: it was known from before.
        excluded: what matched and is left out, since the user has excluded it.
    """

    outcome: Outcome
    rules: tuple[RuleName, ...] = ()
    reasons: Reason = NONE
    size: int = 0
    parts: int = 0
    seconds: float = 0.0
    cached: bool = False
    excluded: tuple[Excluded, ...] = ()
