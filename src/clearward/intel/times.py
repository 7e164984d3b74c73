"""Times of STIX as numbers: microseconds since 1970 in UTC.

Source: STIX 2.1, section 3.2 (RFC 3339, always UTC, any number of digits).
"""

import re
from datetime import UTC, datetime, timedelta

_FORM = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(?:\.\d{1,20})?Z"
)
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND_END = 19  # characters before a fraction


def microseconds(text: str) -> int:
    """Read a time; digits behind the sixth of a second are cut off.

    Raises:
        ValueError: it is no time of STIX.
    """
    if not _FORM.fullmatch(text):
        raise ValueError("not a time of STIX")
    fraction = text[_SECOND_END + 1 : -1]
    # A leap second is the last one before it: the calendar of Python has none.
    whole = text[:_SECOND_END].replace(":60", ":59")
    seconds = (datetime.fromisoformat(whole + "+00:00") - _START) // _MICROSECOND
    return seconds + int((fraction + "000000")[:6])


def written(time: int) -> str:
    """Return a time with six digits of a second, as the times of TAXII have."""
    moment = _START + time * _MICROSECOND
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def shortly(time: int) -> str:
    """Return a time with three digits if they say it all, as times of STIX have."""
    text = written(time)
    return text[:-4] + "Z" if text.endswith("000Z") else text
