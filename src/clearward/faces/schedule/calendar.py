"""When a timer elapses, as systemd writes it.

Only the form is checked here, so that a wrong word is told before a unit is written;
`systemd-analyze calendar` says when it elapses next.

    [weekdays] [date] [time] [zone]      or one word, such as daily

Source: systemd.time(7), "Calendar events".
"""

import re

from clearward.core.errors import Refused

_WORDS = (
    *("minutely", "hourly", "daily", "weekly", "monthly", "quarterly"),
    *("semiannually", "yearly", "annually"),
)
_MOST = 200  # characters
_DAY = (
    r"(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_DAYS = rf"{_DAY}(?:(?:,|\.\.){_DAY})*,?"
_VALUE = r"(?:\*|[0-9]{1,4}(?:\.\.[0-9]{1,4})?)(?:/[0-9]{1,4})?"
_PART = rf"{_VALUE}(?:,{_VALUE})*"
_SECOND = r"(?:\*|[0-9]{1,2}(?:\.[0-9]{1,6})?(?:\.\.[0-9]{1,2})?)(?:/[0-9]{1,2})?"
_DATE = rf"(?:{_PART}-)?{_PART}[-~]{_PART}"
_TIME = rf"{_PART}:{_PART}(?::{_SECOND}(?:,{_SECOND})*)?"
_ZONE = r"UTC|[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+"
_WORD = "|".join(_WORDS)
_EVENT = re.compile(
    rf"(?:{_WORD}|(?=\S)(?:(?i:{_DAYS}))?(?:(?:^|(?<=\S) ){_DATE})?"
    rf"(?:(?:^|(?<=\S) ){_TIME})?)(?: (?:{_ZONE}))?"
)


def check(text: str) -> None:
    """Check that a text has the form of a calendar event.

    Raises:
        Refused: it has not.
    """
    if len(text) > _MOST or not _EVENT.fullmatch(text):
        example = "daily or 'Mon *-*-* 03:00'"
        raise Refused(f"{text[:_MOST]!r} is no time of systemd, such as {example}")
