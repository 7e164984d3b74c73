"""Times in patterns and observations as numbers that can be compared."""

import re
from datetime import UTC, datetime

from clearward.intel.pattern.tree import Moment

_FORM = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}):([0-9]{2})(?:\.([0-9]+))?Z"
)
SECOND = 1_000_000_000_000  # picoseconds; digits behind the twelfth are cut off
_DIGITS = 12


def moment(value: object) -> int | None:
    """Return picoseconds since 1970 in UTC; None if it is no time.

    Args:
        value: a `Moment` or text. A day that no month has is no time, so nothing
            compares with it.
    """
    text = value.text if isinstance(value, Moment) else value
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None or int(found[2]) > 60:  # noqa: PLR2004 - a leap second
        return None
    try:
        minute = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    fraction = (found[3] or "")[:_DIGITS].ljust(_DIGITS, "0")
    return (int(minute.timestamp()) + int(found[2])) * SECOND + int(fraction)
