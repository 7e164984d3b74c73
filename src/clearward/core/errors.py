"""Every error this project raises on purpose.

There is one kind for each answer the system can give:

    Malformed     the bytes break their format    -> unscanned/corrupt
      Truncated   they end too early              -> unscanned/truncated
    LimitReached  the budget ran out              -> unscanned/<the limit>
    Refused       what was asked cannot be done   -> one line, status 2
    Unavailable   the jail or a disk did not answer -> one line, status 2

A message of the first three may hold offsets, lengths and the names of formats. It
never holds bytes or names taken from a scanned file, so that an error cannot carry a
file's content out of the jail.
"""

from clearward.core.reasons import Reason


class ClearwardError(Exception):
    """Base of every kind. Never raised itself."""


class Malformed(ClearwardError):
    """Bytes that do not follow their format.

    Attributes:
        format: name of the format being read, such as ``"ar"``.
        offset: where reading stopped, in bytes from the start of the part.
        field: the field that was wrong, in the format's own words.
        reason: what the verdict says about it.
    """

    reason = Reason.CORRUPT

    def __init__(self, format: str, offset: int, field: str) -> None:
        super().__init__(f"{format}: bad {field} at byte {offset}")
        self.format = format
        self.offset = offset
        self.field = field


class Truncated(Malformed):
    """Bytes that follow their format and end before it does."""

    reason = Reason.TRUNCATED


class LimitReached(ClearwardError):
    """A budget ran out before the scan was done.

    Attributes:
        reason: which limit, such as `Reason.SIZE_LIMIT`.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"{reason.word} reached")
        self.reason = reason


class Refused(ClearwardError):
    """What a person asked for cannot be done; the message says why and what to do."""


class Unavailable(ClearwardError):
    """A process or a disk that is needed did not answer."""
