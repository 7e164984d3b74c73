"""What the engine says about one file, inside the jail."""

from dataclasses import dataclass, field

from clearward.core.explanation import Explanation
from clearward.core.reasons import NONE, Reason


@dataclass(slots=True)
class Result:
    """The answer for one file.

    Attributes:
        rules: numbers of the rules that matched, in the order of finding.
        reasons: why something was not looked at.
        parts: parts begun.
        depth: deepest nesting.
        heavy: the file needs a reader that only the heavy zygote has; nothing else in
            the result counts then.
        whole: it was a share of the file, and one worker has to scan all of it; nothing
            else in the result counts then, either.
        shares: it was not looked at, since several workers may share it.
        unloaded: number of YARA rules that were not loaded and have to be asked, see
            `RuleSet.load`; nothing else in the result counts then.
        explanation: only if it was asked for.
    """

    rules: dict[int, None] = field(default_factory=dict)
    reasons: Reason = NONE
    parts: int = 0
    depth: int = 0
    heavy: bool = False
    whole: bool = False
    shares: bool = False
    unloaded: int | None = None
    explanation: Explanation | None = None
