"""What signatures say about one view of a part."""

from dataclasses import dataclass, field

from clearward.core.reasons import NONE, Reason


@dataclass(frozen=True, slots=True)
class Said:
    """What signatures say about one view of a part.

    Attributes:
        rules: numbers of those that match.
        handlers: types as which the part is to be looked at again.
        reasons: why something could not be decided.
        matched: the signatures of the rules.
    """

    rules: tuple[int, ...] = ()
    handlers: tuple[str, ...] = ()
    reasons: Reason = NONE
    matched: tuple[int, ...] = field(default=(), compare=False)


NOTHING = Said()
