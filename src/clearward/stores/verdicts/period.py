"""How long a verdict is remembered.

Each one expires at its own random time within a period, so that everything is read
again in time, and never all of it at once. Settings, in days: ``shortest_days`` and
``longest_days`` in the section ``[cache]`` of ``clearward.toml`` in the home, or
``CLEARWARD_CACHE_SHORTEST_DAYS`` and ``CLEARWARD_CACHE_LONGEST_DAYS``.
"""

import os
import secrets
from dataclasses import dataclass
from typing import Any

from clearward.core.errors import Refused

DAY = 86_400
MOST_DAYS = 3650
_NAMES = ("shortest_days", "longest_days")


@dataclass(frozen=True, slots=True)
class Period:
    """Bounds of the time after which a verdict expires, seconds.

    Raises:
        ValueError: they are no such bounds.
    """

    shortest: int = 7 * DAY
    longest: int = 14 * DAY

    def __post_init__(self) -> None:
        if not 0 <= self.shortest <= self.longest <= MOST_DAYS * DAY:
            raise ValueError("a period that is none")

    def choose(self) -> int:
        """Return a random time within the period, in whole seconds."""
        return self.shortest + secrets.randbelow(self.longest - self.shortest + 1)


def period(home: str) -> Period:
    """Return the period that is set.

    Args:
        home: the folder in which the settings may lie.

    Raises:
        Refused: a setting is none.
    """
    section = _section(os.path.join(home, "clearward.toml"))
    found = Period()
    days = {"shortest_days": found.shortest / DAY, "longest_days": found.longest / DAY}
    for name in _NAMES:
        word = os.environ.get(f"CLEARWARD_CACHE_{name.upper()}", section.get(name))
        if word is None:
            continue
        try:
            days[name] = float(word)
        except (TypeError, ValueError) as error:
            raise Refused(f"cache.{name}: {word!r} is not a number of days") from error
    try:
        return Period(*(int(days[name] * DAY) for name in _NAMES))
    except (ValueError, OverflowError) as error:
        raise Refused(
            "cache: verdicts are remembered between shortest_days and longest_days, "
            f"which are {days['shortest_days']:g} and {days['longest_days']:g}"
        ) from error


def _section(place: str) -> dict[str, Any]:
    if not os.path.lexists(place):
        return {}
    # It takes 10 ms to import, and most homes have no settings.
    import tomllib  # noqa: PLC0415

    try:
        with open(place, "rb") as file:
            section = tomllib.load(file).get("cache", {})
    except (OSError, ValueError) as error:
        raise Refused(f"{place}: cannot be used: {error}") from error
    if not isinstance(section, dict):
        raise Refused(f"{place}: cache is not a section")
    return section
