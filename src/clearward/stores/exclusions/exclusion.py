"""One exclusion: what it names, from when until when it holds, and what for."""

import re
from dataclasses import dataclass
from typing import Any

from clearward.core.exclusion import DIGEST, iso
from clearward.core.names import RULE_NAME

LONGEST = 90 * 86_400  # seconds
MOST_REASON = 500  # characters

_DURATION = re.compile(r"([1-9][0-9]{0,8})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Something that the user does not want to hear of for some time.

    Attributes:
        name: of a rule; or SHA-256 of a file, 64 hexadecimal digits in lower case,
            which is the name of a rule of a plain digest list as well.
        begins: seconds since 1970 UTC.
        until: seconds since 1970 UTC; from then on it does not hold.
        reason: in the user's words. Untrusted: escape it.

    Raises:
        ValueError: a name that no rule can have, or a time that is none.
    """

    name: str
    begins: int
    until: int
    reason: str = ""

    def __post_init__(self) -> None:
        if not RULE_NAME.fullmatch(self.name):
            raise ValueError("no rule can have this name")
        if not 0 <= self.begins < self.until <= self.begins + LONGEST:
            raise ValueError("a time that is too long, or none")
        if self.until > _LAST or len(self.reason) > MOST_REASON:
            raise ValueError("a field that is too long")

    @property
    def by_digest(self) -> bool:
        """It names a file by its digest."""
        return DIGEST.fullmatch(self.name) is not None

    def holds(self, now: float) -> bool:
        """Say whether it is in force.

        A clock that was set back to before it was made does not make it longer.
        """
        return self.begins <= now < self.until

    def row(self) -> dict[str, str]:
        """As a JSON object for people and programs."""
        kind = "sha256" if self.by_digest else "rule"
        return {
            "name": self.name,
            "kind": kind,
            "since": iso(self.begins),
            "until": iso(self.until),
            "reason": self.reason,
        }

    @classmethod
    def of(cls, row: Any) -> "Exclusion":  # noqa: ANN401 - JSON
        """Read what `fields` wrote.

        Raises:
            ValueError: it is none.
        """
        fields = ("name", "begins", "until", "reason")
        if not isinstance(row, dict) or set(row) != set(fields):
            raise ValueError("an exclusion with other fields")
        name, begins, until, reason = (row[field] for field in fields)
        numbers = type(begins) is int and type(until) is int
        if not (numbers and isinstance(name, str) and isinstance(reason, str)):
            raise ValueError("a field of a wrong type")
        return cls(name, begins, until, reason)

    def fields(self) -> dict[str, str | int]:
        """As it is kept."""
        return {
            "name": self.name,
            "begins": self.begins,
            "until": self.until,
            "reason": self.reason,
        }


_LAST = 253_402_300_799  # the last second of the year 9999


def seconds(text: str) -> int:
    """Read how long something is excluded, such as ``7d``, as seconds.

    Raises:
        ValueError: no number with ``s``, ``m``, ``h`` or ``d``, or more than 90 days.
    """
    shape = _DURATION.fullmatch(text)
    if shape is None:
        raise ValueError("has to be a number with s, m, h or d, such as 7d")
    count = int(shape[1]) * _UNITS[shape[2]]
    if count > LONGEST:
        raise ValueError("nothing is excluded for more than 90d")
    return count
