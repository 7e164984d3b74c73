"""Why something was not looked at: a closed vocabulary of fifteen words.

A set of reasons travels out of the jail as a bit mask of 16 bits, so the order of the
members below is part of the wire format: append, never reorder.
"""

from enum import IntFlag


class Reason(IntFlag):
    """One reason, or a set of them joined with ``|``.

    Source: the contract of `clearward scan`, field `reasons`.
    """

    ENCRYPTED = 1 << 0
    CORRUPT = 1 << 1
    TRUNCATED = 1 << 2
    SIZE_LIMIT = 1 << 3
    PARTS_LIMIT = 1 << 4
    DEPTH_LIMIT = 1 << 5
    TIME_LIMIT = 1 << 6
    MEMORY_LIMIT = 1 << 7
    UNSUPPORTED = 1 << 8
    NOT_REGULAR = 1 << 9
    PERMISSION = 1 << 10
    VANISHED = 1 << 11
    CHANGED = 1 << 12
    EXCLUDED = 1 << 13
    WORKER_DIED = 1 << 14

    @property
    def word(self) -> str:
        """The word of a single reason, such as ``"size-limit"``."""
        return str(self.name).lower().replace("_", "-")


NONE = Reason(0)
ALL = Reason((1 << 15) - 1)

# As a plain integer: the complement of a flag has only the bits that flags know.
OUTSIDE = ~int(ALL)

# What a worker may say. The rest is known to the broker alone, so a worker that
# claims one of those is lying.
FROM_THE_JAIL = (
    Reason.ENCRYPTED
    | Reason.CORRUPT
    | Reason.TRUNCATED
    | Reason.SIZE_LIMIT
    | Reason.PARTS_LIMIT
    | Reason.DEPTH_LIMIT
    | Reason.TIME_LIMIT
    | Reason.MEMORY_LIMIT
    | Reason.UNSUPPORTED
    | Reason.PERMISSION
    | Reason.CHANGED
)


_WORDS = tuple((int(reason), reason.word) for reason in Reason)


def words(mask: int) -> tuple[str, ...]:
    """The words of a set of reasons, sorted.

    Raises:
        ValueError: `mask` has bits that are no reason.
    """
    bits = int(mask)
    if not bits:
        return ()
    if bits & OUTSIDE:
        raise ValueError(f"no such reasons: {bits:#x}")
    return tuple(sorted(word for bit, word in _WORDS if bit & bits))
