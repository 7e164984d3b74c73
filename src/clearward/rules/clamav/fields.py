"""Fields that several kinds of line have: levels, numbers and names.

A functionality level says which version of ClamAV a line was written for: the line is
left out unless this program's level, `LEVEL`, lies between least and most.

Source: docs.clamav.net, "Versions & Functionality Levels"; what is read where a field
is empty or no number was tried with clamscan 1.4.6.
"""

import re

from clearward.rules.clamav.fault import LeftOut, Why, Wrong

LEVEL = 240  # ClamAV 1.6 (docs.clamav.net, July 2026), whose signatures are read here
MOST_COUNT = 0xFFFFFFFF

_DIGITS = re.compile("[0-9]*")
_number = re.compile("[0-9]{1,19}").fullmatch


def number(text: str, what: str, field: int = 0) -> int:
    """Return a number written in decimal digits.

    Raises:
        Wrong: it is none, or has more than 19 digits.
    """
    if _number(text) is None:
        raise Wrong(f"{what} is not a number", field)
    return int(text)


def demand_level(least: str | None, most: str | None) -> None:
    """Check the levels at the end of a line, None for a field that is not there.

    What does not begin with digits counts as 0.

    Raises:
        LeftOut: the line is for other versions.
    """
    if least is not None and _leading(least) > LEVEL:
        raise LeftOut(Why.LEVEL)
    if most is not None and _leading(most) < LEVEL:
        raise LeftOut(Why.LEVEL)


def demand_strict_level(least: str | None, most: str | None, field: int) -> None:
    """Do what `demand_level` does, where a field has to be a number if not empty.

    Raises:
        LeftOut: the line is for other versions.
        Wrong: a level is not a number; `field` is the number of the first.
    """
    for place, level in enumerate((least, most)):
        if level:
            number(level, "functionality level", field + place)
    demand_level(least, most)


def name(text: str, field: int = 1) -> str:
    """Return the name of a signature, whose bytes were read as Latin-1.

    Raises:
        Wrong: it is empty.
    """
    if not text:
        raise Wrong("no name", field)
    if text.isascii():
        return text
    return text.encode("latin-1").decode(errors="replace")


def level_of(text: str) -> int:
    """Return the number that a level begins with; 0 if none."""
    return _leading(text)


def _leading(text: str) -> int:
    found = _DIGITS.match(text)
    return int(found[0][:19] or "0") if found else 0
